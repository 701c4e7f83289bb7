// The error for checkpoints that cannot be written, or that belong to another run.

import Basics
import Foundation
import Training

/// A folder of saved training runs that belongs to another run, or cannot be written.
public struct JournalError: ChapterEnding, Equatable {
  /// The file or folder.
  public var path: String
  /// What was expected of it.
  public var expected: String
  /// What was found.
  public var found: String
  /// What to do about it.
  enum Advice {
    /// The folder cannot be written.
    case makeRoom
    /// The folder belongs to another run.
    case leave
    /// The folder was left by a stopped run.
    case resume
  }
  var advice = Advice.makeRoom

  public var code: Int32 {
    switch advice {
    case .makeRoom: 74
    case .leave: 66
    case .resume: 73
    }
  }
  public var description: String {
    let advice =
      switch advice {
      case .makeRoom: "Finished epochs are saved"
      case .leave: "To start over, omit --resume and remove the folder, or choose another with --out DIR"
      case .resume: "Use --resume to continue; to start over, remove the folder or choose another with --out DIR"
      }
    return "\(path): expected \(expected), found \(found). \(advice)"
  }

  /// Does work that writes to a file or folder.
  ///
  /// - Throws: ``JournalError`` with the system's reason: no room, not permitted, …
  public static func keeping(at path: String, _ work: () throws -> Void) throws(JournalError) {
    do { try work() } catch {
      throw JournalError(path: path, expected: "room and permission to write", found: reason(of: error))
    }
  }

  /// The system's reason, without Foundation's additions: `no space left on device`.
  private static func reason(of error: any Error) -> String {
    if let error = error as? SafetensorsError { return error.found }
    if let error = error as? FileError { return error.reason.lowercased() }
    if let system = (error as? CocoaError)?.underlying as? POSIXError {
      return String(cString: strerror(system.code.rawValue)).lowercased()
    }
    return error.localizedDescription
  }
}
