// The tests of exercise 4.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex04_4 Predict the size at depth L") struct Ex04_4_SizeAtDepthTests {
  @Test("A factor for each layer, multiplied", arguments: Catalogue.ex04_4.cases)
  func sizes(_ example: Case<any Ex04_4.Type>) throws {
    expect(example, of: Catalogue.ex04_4, from: Ex04_4_SizeAtDepth.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex04_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex04_4.Type>) { expectCaught(mutant, in: Catalogue.ex04_4) }
}
