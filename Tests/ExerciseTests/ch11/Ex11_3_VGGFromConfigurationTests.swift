// The tests of exercise 11.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex11_3 VGG from a configuration") struct Ex11_3_VGGFromConfigurationTests {
  @Test("parameters, shapes and answers are those of the table", arguments: Catalogue.ex11_3.cases)
  func answers(_ example: Case<any Ex11_3.Type>) throws {
    expect(example, of: Catalogue.ex11_3, from: Ex11_3_VGGFromConfiguration.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex11_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex11_3.Type>) { expectCaught(mutant, in: Catalogue.ex11_3) }
}
