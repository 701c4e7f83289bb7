// How an exercise's tests treat an exercise that nobody has attempted.

import Testing
import Workbook

/// Runs checks on an exercise; where it is still unsolved, says so and passes. Solutions have no such excuse.
func attempt(_ check: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) throws {
  do {
    try check()
  } catch let unsolved as Unsolved {
    #if SOLUTIONS
    Issue.record("the solution of \(unsolved.exercise) is missing", sourceLocation: sourceLocation)
    #else
    print("not attempted: \(unsolved)")
    #endif
  }
}
