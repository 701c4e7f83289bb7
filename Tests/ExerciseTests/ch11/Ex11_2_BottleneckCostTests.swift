// The tests of exercise 11.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex11_2 Bottleneck cost") struct Ex11_2_BottleneckCostTests {
  @Test("the weights and multiply-adds of the block as built", arguments: Catalogue.ex11_2.cases)
  func answers(_ example: Case<any Ex11_2.Type>) throws {
    expect(example, of: Catalogue.ex11_2, from: Ex11_2_BottleneckCost.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex11_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex11_2.Type>) { expectCaught(mutant, in: Catalogue.ex11_2) }
}
