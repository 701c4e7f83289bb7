// The journal of a long run's training runs, so that a stopped run can continue.

import Basics
import Foundation
import Notebook
import Synchronization
import Training

/// The training runs of one run of a chapter, saved in a folder.
///
/// A program with the same options makes the same training runs in the same order. So each is identified by its name,
/// or otherwise by its position (``TrainingScope``). A resumed run reads every finished training run from its file,
/// continues an unfinished one from its last epoch, and repeats everything else. That takes seconds and gives a
/// bit-identical page.
///
/// Each training run has a checkpoint, `0017.safetensors`, and its observers' records, if it has any observers;
/// `journal.json` records the run that they belong to and how long they took.
final class TrainingJournal: Sendable {
  /// The folder of the files.
  let folder: String
  /// How long an earlier run of this size took, if there is a record of it.
  let pace: RecordedPace?
  private let run: [String: String]
  private let started = Date()
  private let state: Mutex<State>

  private struct State {
    /// The seconds of earlier sessions.
    var secondsBefore = 0.0
    /// The seconds of each training run in all sessions, including evaluation.
    var trainings: [String: Double] = [:]
    /// When the current training runs started in this session, and how long they had taken before.
    var current: [String: (since: Date, before: Double)] = [:]
    /// The finished training runs.
    var finished: Set<String> = []
    /// How long the whole run had taken, in all sessions, when the last of them finished.
    var lastFinish = 0.0
  }

  /// `journal.json`.
  private struct Index: Codable {
    var run: [String: String]
    var seconds: Double
    var trainings: [String: Double]
    /// Whether the page was written: the files of such a run may be removed.
    var isFinished: Bool?
  }

  /// Opens a journal.
  ///
  /// - Parameters:
  ///   - folder: its folder; created if it is missing.
  ///   - run: the options that identify the run.
  ///   - resumes: whether to continue from the files in the folder.
  ///   - isLong: for a run that does not resume: whether to refuse to discard the files of a stopped run, and to remove
  ///     those of a finished one. The files of a short run stay until they are overwritten.
  ///   - pace: how long an earlier run took.
  /// - Throws: ``JournalError`` if the folder belongs to another run, if it holds a stopped run that is not to be
  ///   resumed, or if it cannot be written.
  init(in folder: String, of run: [String: String], resumes: Bool, isLong: Bool = true, pace: RecordedPace? = nil)
    throws
  {
    self.folder = folder
    self.run = run
    self.pace = pace
    var state = State()
    let index = folder + "/journal.json"
    let data = FileManager.default.contents(atPath: index)
    if !resumes, isLong, let found = data.flatMap({ try? JSONDecoder().decode(Index.self, from: $0) }),
      found.isFinished != true, !found.trainings.isEmpty
    {
      throw JournalError(
        path: folder, expected: "--resume, or no training runs",
        found: "\(found.trainings.count) of a run that was stopped", advice: .resume)
    }
    if resumes, let data {
      guard let found = try? JSONDecoder().decode(Index.self, from: data) else {
        throw JournalError(path: index, expected: "the journal of a run", found: "something else", advice: .leave)
      }
      for (key, here) in run.sorted(by: { $0.key < $1.key }) where found.run[key] != here {
        throw JournalError(
          path: folder, expected: "training runs with \(key) \(here)", found: "\(key) \(found.run[key] ?? "unknown")",
          advice: .leave)
      }
      state.secondsBefore = max(0, found.seconds)
      state.trainings = found.trainings
    } else if isLong {
      try? FileManager.default.removeItem(atPath: folder)
    }
    self.state = Mutex(state)
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw JournalError(path: folder, expected: "a folder to write to", found: error.localizedDescription)
    }
  }

  /// Whether the training runs in a folder are older than a program: its experiments may have changed since.
  static func isOlder(in folder: String, than program: String) -> Bool {
    func changed(_ path: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    guard let kept = changed(folder + "/journal.json"), let built = changed(program) else { return false }
    return kept < built
  }

  /// The warning in that case.
  static let whatIsKept = "finished training runs are not repeated. If an experiment has changed, omit --resume"

  // MARK: Training runs

  /// Begins the training run at `place`.
  func begin(_ place: String) { state.withLock { $0.current[place] = (Date(), $0.trainings[place] ?? 0) } }

  /// Whether a training run was saved, in this session or an earlier one.
  func has(_ place: String) -> Bool { state.withLock { $0.trainings[place] != nil } }

  /// Ends the training run at `place`.
  func end(_ place: String) {
    let seconds = seconds
    state.withLock { state in
      state.current[place] = nil
      state.finished.insert(place)
      state.lastFinish = seconds
    }
  }

  /// The checkpoint of a training run.
  func checkpoint(_ place: String) -> String { folder + "/" + place + ".safetensors" }
  /// The records of a training run's observers.
  func observations(_ place: String) -> String { folder + "/" + place + ".observers.json" }

  /// Records that the page is written.
  func finish() throws { try write(isFinished: true) }

  /// Records the time of a current training run; called whenever its checkpoint was written.
  func note(_ place: String) throws {
    state.withLock { state in
      if let current = state.current[place] {
        state.trainings[place] = current.before + Date().timeIntervalSince(current.since)
      }
    }
    try write(isFinished: false)
  }

  private func write(isFinished: Bool) throws(JournalError) {
    let seconds = seconds
    let index = state.withLock { state in
      Index(run: run, seconds: seconds, trainings: state.trainings, isFinished: isFinished)
    }
    try JournalError.keeping(at: folder) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.write(encoder.encode(index), to: folder + "/journal.json", makingFolder: false)
    }
  }

  /// Whether no training run has been saved so far.
  var isEmpty: Bool { state.withLock { $0.trainings.isEmpty } }

  // MARK: Time

  /// A sentence on what an earlier session has left; nil if it left nothing.
  var inheritance: String? {
    state.withLock { state in
      state.trainings.isEmpty
        ? nil
        : "continuing with \(counted(state.trainings.count, "training run")) of an earlier session, \(readableDuration(seconds: state.secondsBefore)) of work"
    }
  }

  /// The seconds of earlier sessions.
  var secondsBefore: Double { state.withLock { $0.secondsBefore } }

  /// The seconds of all sessions.
  private var seconds: Double { secondsBefore + Date().timeIntervalSince(started) }

  /// The seconds of each finished training run in all sessions, by place.
  var trainingSeconds: [String: Double] {
    state.withLock { state in state.trainings.filter { state.finished.contains($0.key) } }
  }

  /// The estimated remaining seconds of the whole run; nil if no earlier run is recorded, or if too little is done to
  /// compare this machine with that one.
  var secondsLeft: Double? {
    guard let pace else { return nil }
    let seconds = seconds
    return state.withLock { state in
      let total = pace.trainings.values.reduce(0, +)
      let done = state.finished.reduce(0) { $0 + (pace.trainings[$1] ?? 0) }
      guard done > 0.02 * total else { return nil }
      // The time for everything else (tables, figures) is spread over the training runs.
      return max(0, state.lastFinish * (total - done) / done - (seconds - state.lastFinish))
    }
  }
}
