// The tests of exercise 3.2, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex03_2 Channel statistics") struct Ex03_2_ChannelStatisticsTests {
  @Test("Mean and standard deviation of each channel", arguments: Catalogue.ex03_2.cases)
  func statistics(_ example: Case<any Ex03_2.Type>) throws {
    expect(example, of: Catalogue.ex03_2, from: Ex03_2_ChannelStatistics.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex03_2.mutants)
  func mistakes(_ mutant: Mutant<any Ex03_2.Type>) { expectCaught(mutant, in: Catalogue.ex03_2) }
}
