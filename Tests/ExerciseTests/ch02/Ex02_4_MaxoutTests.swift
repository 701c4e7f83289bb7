// The tests of exercise 2.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex02_4 Maxout forward and backward") struct Ex02_4_MaxoutTests {
  @Test("outputs, and gradients as central differences have them", arguments: Catalogue.ex02_4.cases)
  func cases(_ example: Case<any Ex02_4.Type>) throws {
    expect(example, of: Catalogue.ex02_4, from: Ex02_4_Maxout.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex02_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex02_4.Type>) { expectCaught(mutant, in: Catalogue.ex02_4) }
}
