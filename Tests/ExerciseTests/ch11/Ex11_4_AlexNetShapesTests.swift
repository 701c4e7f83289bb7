// The tests of exercise 11.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex11_4 AlexNet shape walk") struct Ex11_4_AlexNetShapesTests {
  @Test("the walk from the image to 1000 classes", arguments: Catalogue.ex11_4.cases)
  func answers(_ example: Case<any Ex11_4.Type>) throws {
    expect(example, of: Catalogue.ex11_4, from: Ex11_4_AlexNetShapes.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex11_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex11_4.Type>) { expectCaught(mutant, in: Catalogue.ex11_4) }
}
