// What a long run keeps of its trainings, so that a stopped one goes on where it was.

import Foundation
import Notebook
import Synchronization
import Training

/// The trainings of one run of a chapter, kept in a folder.
///
/// A program with the same options makes the same trainings in the same order. So its n-th training is file n, and a
/// run that goes on takes every finished training from its file, the one that was under way from its last epoch, and
/// does everything else again: that takes seconds, and gives the same page to the bit.
///
/// Each training has a checkpoint, `0017.safetensors`, and beside it what its observers have seen, if it has any;
/// `journal.json` says whose they are and how long they took.
final class TrainingJournal: Sendable {
  /// The journal of this program; nil where nothing is kept.
  static var current: TrainingJournal? {
    get { shared.withLock { $0 } }
    set { shared.withLock { $0 = newValue } }
  }
  private static let shared = Mutex<TrainingJournal?>(nil)

  /// Where the files are.
  let folder: String
  /// How long an earlier run of this size took, if there is a record of it.
  let pace: RecordedPace?
  private let run: [String: String]
  private let started = Date()
  private let state: Mutex<State>

  private struct State {
    /// The seconds of earlier sittings.
    var secondsBefore = 0.0
    /// The seconds of each training, all sittings together, evaluation included.
    var trainings: [Double] = []
    /// How many trainings were begun in this sitting.
    var begun = 0
    /// When the training under way began in this sitting, and what it had taken before.
    var current: (since: Date, before: Double)?
  }

  /// `journal.json`.
  private struct Index: Codable {
    var run: [String: String]
    var seconds: Double
    var trainings: [Double]
  }

  /// Opens a journal.
  ///
  /// - Parameters:
  ///   - folder: its folder; made where it is missing.
  ///   - run: the options that make the run what it is.
  ///   - resumes: whether to go on from what the folder holds; otherwise it is emptied.
  ///   - pace: how long an earlier run took.
  /// - Throws: ``JournalError`` where the folder belongs to another run or cannot be written.
  init(in folder: String, of run: [String: String], resumes: Bool, pace: RecordedPace? = nil) throws {
    self.folder = folder
    self.run = run
    self.pace = pace
    var state = State()
    let index = folder + "/journal.json"
    if resumes, let data = FileManager.default.contents(atPath: index) {
      guard let found = try? JSONDecoder().decode(Index.self, from: data) else {
        throw JournalError(path: index, expected: "the journal of a run", found: "something else", isInput: true)
      }
      for (key, here) in run.sorted(by: { $0.key < $1.key }) where found.run[key] != here {
        throw JournalError(
          path: folder, expected: "trainings with \(key) \(here)", found: "\(key) \(found.run[key] ?? "unknown")",
          isInput: true)
      }
      state.secondsBefore = max(0, found.seconds)
      state.trainings = found.trainings
    } else {
      try? FileManager.default.removeItem(atPath: folder)
    }
    self.state = Mutex(state)
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw JournalError(path: folder, expected: "a folder to write to", found: error.localizedDescription)
    }
  }

  /// Begins the next training and returns its number, counted from 1.
  func begin() -> Int {
    state.withLock { state in
      state.begun += 1
      let known = state.begun <= state.trainings.count
      if !known { state.trainings.append(0) }
      state.current = (Date(), state.trainings[state.begun - 1])
      return state.begun
    }
  }

  /// The checkpoint of a training.
  func checkpoint(_ number: Int) -> String { path(number, "safetensors") }
  /// What a training's observers have seen.
  func observations(_ number: Int) -> String { path(number, "observers.json") }

  private func path(_ number: Int, _ suffix: String) -> String {
    let digits = String(number)
    return folder + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "." + suffix
  }

  /// Notes the time of the training under way; called whenever its checkpoint was written.
  func note() throws {
    let index = state.withLock { state in
      if let current = state.current {
        state.trainings[state.begun - 1] = current.before + Date().timeIntervalSince(current.since)
      }
      return Index(
        run: run, seconds: state.secondsBefore + Date().timeIntervalSince(started), trainings: state.trainings)
    }
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(index).write(to: URL(fileURLWithPath: folder + "/journal.json"), options: .atomic)
    } catch {
      throw JournalError(path: folder, expected: "room and permission to write", found: error.localizedDescription)
    }
  }

  /// The seconds of earlier sittings.
  var secondsBefore: Double { state.withLock { $0.secondsBefore } }

  /// The seconds of each training so far, all sittings together.
  var trainingSeconds: [Double] { state.withLock { Array($0.trainings.prefix($0.begun)) } }

  /// The seconds that the whole run will still take, at this machine's pace; nil where no earlier run is recorded, or
  /// too little is done to tell how this machine compares with that one's.
  var secondsLeft: Double? {
    guard let pace, !pace.trainings.isEmpty else { return nil }
    return state.withLock { state in
      let finished = max(0, state.begun - 1)
      let done = pace.trainings.prefix(finished).reduce(0, +)
      let total = pace.trainings.reduce(0, +)
      guard done > 0.02 * total else { return nil }
      let own = state.trainings.prefix(finished).reduce(0, +)
      let inHand = state.current.map { Date().timeIntervalSince($0.since) + $0.before } ?? 0
      // What is no training (tables, figures) is spread over the trainings.
      return max(0, own / done * (total - done) * pace.seconds / total - inHand)
    }
  }
}

/// A journal that belongs to another run, or cannot be written.
struct JournalError: Error, Equatable, CustomStringConvertible {
  /// The file or folder.
  var path: String
  /// What it should have been or allowed.
  var expected: String
  /// What it is.
  var found: String
  /// Whether it was to be read, and not to be written.
  var isInput = false

  /// The program's exit code.
  var code: Int32 { isInput ? 66 : 74 }
  var description: String {
    "\(path): expected \(expected), found \(found). "
      + (isInput
        ? "Leave --resume out to begin anew, or name another folder with --out DIR" : "Finished epochs are kept")
  }
}
