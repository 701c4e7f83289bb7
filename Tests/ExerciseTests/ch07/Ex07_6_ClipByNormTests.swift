// The tests of exercise 7.6, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex07_6 Clip by norm") struct Ex07_6_ClipByNormTests {
  @Test("One norm for all parameters", arguments: Catalogue.ex07_6.cases)
  func cases(_ example: Case<any Ex07_6.Type>) throws {
    expect(example, of: Catalogue.ex07_6, from: Ex07_6_ClipByNorm.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex07_6.mutants)
  func mistakes(_ mutant: Mutant<any Ex07_6.Type>) { expectCaught(mutant, in: Catalogue.ex07_6) }
}
