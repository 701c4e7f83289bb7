// The tests of exercise 6.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex06_3 DropConnect") struct Ex06_3_DropConnectTests {
  @Test("Single weights go, and learn nothing while they are gone", arguments: Catalogue.ex06_3.cases)
  func connections(_ example: Case<any Ex06_3.Type>) throws {
    expect(example, of: Catalogue.ex06_3, from: Ex06_3_DropConnect.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex06_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex06_3.Type>) { expectCaught(mutant, in: Catalogue.ex06_3) }
}
