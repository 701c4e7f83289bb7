// How the claims of the chapter are judged, and how a run ends that cannot go on.

import Foundation
import Workbook

/// Reproduced where the data agree, partly where they only point the same way, else not here.
func verdict(_ holds: Bool, partly: Bool) -> Claim.Verdict { holds ? .reproduced : partly ? .partly : .notHere }

extension ChapterRun {
  /// Returns what `work` gives, or ends the program with its error in one line.
  func finishing<Value>(_ work: () throws -> Value) -> Value {
    do {
      return try work()
    } catch {
      FileHandle.standardError.write(Data("\(chapter.name): \(error)\n".utf8))
      exit(70)
    }
  }
}
