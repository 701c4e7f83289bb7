// Trainings that cannot be kept, or are another run's.

import Basics
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
  /// What to do about it.
  enum Advice {
    /// It cannot be written.
    case makeRoom
    /// It is another run's.
    case leave
    /// It is what a stopped run has left.
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
      case .makeRoom: "Finished epochs are kept"
      case .leave: "Leave --resume out and remove the folder to start over, or name another with --out DIR"
      case .resume: "Give --resume to go on with them; remove the folder to start over, or name another with --out DIR"
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

  /// `no space left on device`: the system's reason, without what Foundation puts around it.
  private static func reason(of error: any Error) -> String {
    if let error = error as? SafetensorsError { return error.found }
    if let error = error as? FileError { return error.reason.lowercased() }
    if let system = (error as? CocoaError)?.underlying as? POSIXError {
      return String(cString: strerror(system.code.rawValue)).lowercased()
    }
    return error.localizedDescription
  }
}
