// The tests of exercise 5.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex05_3 Running statistics and inference") struct Ex05_3_RunningStatisticsTests {
  @Test("Unbiased running statistics, and nothing measured at inference", arguments: Catalogue.ex05_3.cases)
  func statistics(_ example: Case<any Ex05_3.Type>) throws {
    expect(example, of: Catalogue.ex05_3, from: Ex05_3_RunningStatistics.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex05_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex05_3.Type>) { expectCaught(mutant, in: Catalogue.ex05_3) }
}
