// The tests of exercise 11.5, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex11_5 The sawtooth net") struct Ex11_5_SawtoothNetTests {
  @Test("the deep net is the sawtooth, from two units for each fold", arguments: Catalogue.ex11_5.cases)
  func answers(_ example: Case<any Ex11_5.Type>) throws {
    expect(example, of: Catalogue.ex11_5, from: Ex11_5_SawtoothNet.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex11_5.mutants)
  func mistakes(_ mutant: Mutant<any Ex11_5.Type>) { expectCaught(mutant, in: Catalogue.ex11_5) }
}
