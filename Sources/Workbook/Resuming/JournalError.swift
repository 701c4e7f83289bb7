// Trainings that cannot be kept, or are another run's.

import Foundation
import Training

/// A folder of kept trainings that belongs to another run, or cannot be written.
public struct JournalError: ChapterEnding, Equatable {
  /// The file or folder.
  public var path: String
  /// What it should have been or allowed.
  public var expected: String
  /// What it is.
  public var found: String
  /// Whether it was to be read, and not to be written.
  var isInput = false

  public var code: Int32 { isInput ? 66 : 74 }
  public var description: String {
    "\(path): expected \(expected), found \(found). "
      + (isInput
        ? "Leave --resume out to begin anew, or name another folder with --out DIR" : "Finished epochs are kept")
  }

  /// Does work that writes to a file or folder.
  ///
  /// - Throws: ``JournalError`` with the system's reason: no room, not permitted, …
  public static func keeping(at path: String, _ work: () throws -> Void) throws(JournalError) {
    do { try work() } catch {
      throw JournalError(path: path, expected: "room and permission to write", found: reason(of: error))
    }
  }

  /// `no space left on device`: the system's reason, without what Foundation puts around it.
  private static func reason(of error: any Error) -> String {
    if let error = error as? SafetensorsError { return error.found }
    if let system = (error as? CocoaError)?.underlying as? POSIXError {
      return String(cString: strerror(system.code.rawValue)).lowercased()
    }
    return error.localizedDescription
  }
}
