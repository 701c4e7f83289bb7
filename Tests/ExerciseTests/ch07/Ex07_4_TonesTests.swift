// The tests of exercise 7.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex07_4 Equalize, solarize, posterize") struct Ex07_4_TonesTests {
  @Test("Negatives, high bits, and a flat histogram", arguments: Catalogue.ex07_4.cases)
  func cases(_ example: Case<any Ex07_4.Type>) throws {
    expect(example, of: Catalogue.ex07_4, from: Ex07_4_Tones.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex07_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex07_4.Type>) { expectCaught(mutant, in: Catalogue.ex07_4) }
}
