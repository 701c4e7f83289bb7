// The tests of exercise 6.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex06_2 Weight-scaling inference") struct Ex06_2_WeightScalingTests {
  @Test("The mean over all masks, in one pass", arguments: Catalogue.ex06_2.cases)
  func infer(_ example: Case<any Ex06_2.Type>) throws {
    expect(example, of: Catalogue.ex06_2, from: Ex06_2_WeightScaling.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex06_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex06_2.Type>) { expectCaught(mutant, in: Catalogue.ex06_2) }
}
