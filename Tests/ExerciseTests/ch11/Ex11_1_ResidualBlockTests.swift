// The tests of exercise 11.1, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex11_1 Residual block, forward and backward") struct Ex11_1_ResidualBlockTests {
  @Test(
    "the input is added to what the block makes of it, and the gradient takes both ways",
    arguments: Catalogue.ex11_1.cases)
  func answers(_ example: Case<any Ex11_1.Type>) throws {
    expect(example, of: Catalogue.ex11_1, from: Ex11_1_ResidualBlock.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex11_1.mutants)
  func mistakes(_ mutant: Mutant<any Ex11_1.Type>) { expectCaught(mutant, in: Catalogue.ex11_1) }
}
