// The tests of exercise 10.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex10_3 Step schedule") struct Ex10_3_StepScheduleTests {
  @Test("Every case gives what is expected", arguments: Catalogue.ex10_3.cases)
  func cases(_ example: Case<any Ex10_3.Type>) throws {
    expect(example, of: Catalogue.ex10_3, from: Ex10_3_StepSchedule.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex10_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex10_3.Type>) { expectCaught(mutant, in: Catalogue.ex10_3) }
}
