// The tests of exercise 5.6, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex05_6 Fold batch norm away") struct Ex05_6_FoldBatchNormTests {
  @Test("One layer does what two did", arguments: Catalogue.ex05_6.cases)
  func fold(_ example: Case<any Ex05_6.Type>) throws {
    expect(example, of: Catalogue.ex05_6, from: Ex05_6_FoldBatchNorm.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex05_6.mutants)
  func mistakes(_ mutant: Mutant<any Ex05_6.Type>) { expectCaught(mutant, in: Catalogue.ex05_6) }
}
