// The tests of exercise 9.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex09_3 Convolution, backward") struct Ex09_3_ConvolutionBackwardTests {
  @Test("the three gradients are those of central differences", arguments: Catalogue.ex09_3.cases)
  func answers(_ example: Case<any Ex09_3.Type>) throws {
    expect(example, of: Catalogue.ex09_3, from: Ex09_3_ConvolutionBackward.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex09_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex09_3.Type>) { expectCaught(mutant, in: Catalogue.ex09_3) }
}
