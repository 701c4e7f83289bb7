// What a long run keeps of its trainings, so that a stopped one goes on where it was.

import Basics
import Foundation
import Notebook
import Synchronization
import Training

/// The trainings of one run of a chapter, kept in a folder.
///
/// A program with the same options makes the same trainings in the same order. So each is known by its name, or else by its
/// place (``TrainingScope``), and a run that goes on takes every finished training from its file, one that was under way from its last epoch, and does
/// everything else again: that takes seconds, and gives the same page to the bit.
///
/// Each training has a checkpoint, `0017.safetensors`, and beside it what its observers have seen, if it has any;
/// `journal.json` says whose they are and how long they took.
final class TrainingJournal: Sendable {
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
    var trainings: [String: Double] = [:]
    /// When the trainings under way began in this sitting, and what they had taken before.
    var current: [String: (since: Date, before: Double)] = [:]
    /// The trainings that are finished.
    var finished: Set<String> = []
    /// How long the whole run had taken, all sittings together, when the last of them was finished.
    var lastFinish = 0.0
  }

  /// `journal.json`.
  private struct Index: Codable {
    var run: [String: String]
    var seconds: Double
    var trainings: [String: Double]
    /// Whether the page was written: what such a run has kept may go.
    var isFinished: Bool?
  }

  /// Opens a journal.
  ///
  /// - Parameters:
  ///   - folder: its folder; made where it is missing.
  ///   - run: the options that make the run what it is.
  ///   - resumes: whether to go on from what the folder holds.
  ///   - isLong: where it does not go on, whether the trainings of a stopped run are refused to be thrown away, and those of
  ///     a finished one removed; those of a short run stay until they are written over.
  ///   - pace: how long an earlier run took.
  /// - Throws: ``JournalError`` where the folder belongs to another run, keeps the trainings of one that was stopped and
  ///   is not to go on, or cannot be written.
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
        path: folder, expected: "--resume, or no trainings",
        found: "\(found.trainings.count) of a run that was stopped", advice: .resume)
    }
    if resumes, let data {
      guard let found = try? JSONDecoder().decode(Index.self, from: data) else {
        throw JournalError(path: index, expected: "the journal of a run", found: "something else", advice: .leave)
      }
      for (key, here) in run.sorted(by: { $0.key < $1.key }) where found.run[key] != here {
        throw JournalError(
          path: folder, expected: "trainings with \(key) \(here)", found: "\(key) \(found.run[key] ?? "unknown")",
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

  /// Whether the trainings in a folder were made before a program was built: then their experiments may be others now.
  static func isOlder(in folder: String, than program: String) -> Bool {
    func changed(_ path: String) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
    }
    guard let kept = changed(folder + "/journal.json"), let built = changed(program) else { return false }
    return kept < built
  }

  /// What that means.
  static let whatIsKept = "finished trainings are not done again. If an experiment has changed, leave --resume out"

  // MARK: Trainings

  /// Begins the training at `place`.
  func begin(_ place: String) { state.withLock { $0.current[place] = (Date(), $0.trainings[place] ?? 0) } }

  /// Whether a training was kept, by this sitting or one that it goes on from.
  func has(_ place: String) -> Bool { state.withLock { $0.trainings[place] != nil } }

  /// Ends the training at `place`.
  func end(_ place: String) {
    let seconds = seconds
    state.withLock { state in
      state.current[place] = nil
      state.finished.insert(place)
      state.lastFinish = seconds
    }
  }

  /// The checkpoint of a training.
  func checkpoint(_ place: String) -> String { folder + "/" + place + ".safetensors" }
  /// What a training's observers have seen.
  func observations(_ place: String) -> String { folder + "/" + place + ".observers.json" }

  /// Notes that the page is written.
  func finish() throws { try write(isFinished: true) }

  /// Notes the time of a training under way; called whenever its checkpoint was written.
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

  /// Whether no training has been kept so far.
  var isEmpty: Bool { state.withLock { $0.trainings.isEmpty } }

  // MARK: Time

  /// What an earlier sitting has left, in a sentence; nil where it left nothing.
  var inheritance: String? {
    state.withLock { state in
      state.trainings.isEmpty
        ? nil
        : "going on with \(counted(state.trainings.count, "training")) of an earlier sitting, \(readableDuration(seconds: state.secondsBefore)) of work"
    }
  }

  /// The seconds of earlier sittings.
  var secondsBefore: Double { state.withLock { $0.secondsBefore } }

  /// The seconds of all sittings.
  private var seconds: Double { secondsBefore + Date().timeIntervalSince(started) }

  /// The seconds of each finished training, all sittings together, by place.
  var trainingSeconds: [String: Double] {
    state.withLock { state in state.trainings.filter { state.finished.contains($0.key) } }
  }

  /// The seconds that the whole run will still take, if all goes on as it did so far; nil where no earlier run is
  /// recorded, or too little is done to tell how this machine compares with that one's.
  var secondsLeft: Double? {
    guard let pace else { return nil }
    let seconds = seconds
    return state.withLock { state in
      let total = pace.trainings.values.reduce(0, +)
      let done = state.finished.reduce(0) { $0 + (pace.trainings[$1] ?? 0) }
      guard done > 0.02 * total else { return nil }
      // What is no training (tables, figures) is spread over the trainings.
      return max(0, state.lastFinish * (total - done) / done - (seconds - state.lastFinish))
    }
  }
}
