// Runs that are stopped and resumed, training by training.

import Datasets
import Foundation
import NeuralNetworks
import Notebook
import Synchronization
import Tensors
import Testing
import Training

@testable import Workbook

@Suite("Trainings that are kept")
struct TrainingJournalTests {
  /// A folder that is not there yet, and goes when the test does.
  private final class Place {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }
  private static let options = ["seed": "1", "size": "full"]

  private func journal(_ place: Place, resumes: Bool = true, pace: RecordedPace? = nil) throws -> TrainingJournal {
    try TrainingJournal(in: place.path, of: Self.options, resumes: resumes, pace: pace)
  }

  /// What two trainings, one after the other, leave behind.
  private struct Results: Equatable {
    var states: [StateDict] = []
    var losses: [[Double]] = []
    var epochs: [[Double]] = []
    var stepsMade = 0
  }

  /// A chapter of two trainings of four epochs with ten steps each; ends before step `limit`.
  private func chapter(_ journal: TrainingJournal?, stoppingBefore limit: Int = .max) throws -> Results {
    let steps = Mutex(0)
    var results = Results()
    let scope = journal.map { TrainingScope($0) }
    for seed in [UInt64(3), 4] {
      let data = Moons.samples(count: 100, noise: 0.2, seed: 1)
      let layers = Sequential(["fc1": Dense(2, 8), "act": ReLU(), "drop": Dropout(dropping: 0.2), "fc2": Dense(8, 2)])
      var trainer = Trainer(
        try Model(layers, input: [2], seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
        schedule: ConstantRate(0.1), batchSize: 10, seed: seed)
      let losses = LossHistory()
      _ = try trainer.train(
        on: data, keptIn: scope, epochs: 4,
        observers: [
          losses,
          TrainingHooks(asksToStop: {
            steps.withLock { made in
              made += 1
              return made > limit
            }
          }),
        ])
      results.states.append(trainer.model.stateDict)
      results.losses.append(losses.losses)
      results.epochs.append(trainer.history.map(\.trainingLoss))
    }
    results.stepsMade = steps.withLock { $0 }
    return results
  }

  @Test(
    "a run that is stopped anywhere and resumed leaves the bits of one that was not", arguments: [1, 15, 39, 41, 72])
  func resume(limit: Int) throws {
    var whole = try chapter(nil)
    #expect(whole.stepsMade == 80)
    let place = Place()
    // Nothing is promised before the first epoch is finished.
    #expect(throws: RunInterrupted(isKept: limit > 10)) { try chapter(journal(place), stoppingBefore: limit) }
    let resumed = try chapter(journal(place))
    // No epoch that was finished is made again.
    #expect(resumed.stepsMade == 80 - limit / 10 * 10)
    whole.stepsMade = resumed.stepsMade
    #expect(resumed == whole)
    // A finished run is only read.
    #expect(try chapter(journal(place)).stepsMade == 0)
  }

  @Test("experiments side by side have places of their own, whichever is first")
  func sideBySide() throws {
    func places(_ journal: TrainingJournal) -> [[String]] {
      let scope = TrainingScope(journal)
      _ = scope.place()
      let group = scope.group()
      let members = Mutex([[String]](repeating: [], count: 6))
      Parallel.forEach(chunks: 6) { index in
        let member = group.member(index)
        let places = [member.place(), member.place()]
        members.withLock { $0[index] = places }
      }
      return members.withLock { $0 } + [[scope.place()]]
    }
    let (first, second) = (Place(), Place())
    let found = try places(journal(first))
    #expect(found[2] == ["0002-0003-0001", "0002-0003-0002"] && found[6] == ["0003"])
    #expect(try places(journal(second)) == found)
  }

  @Test("without --resume everything is done anew, and the old files are gone")
  func anew() throws {
    let place = Place()
    _ = try chapter(journal(place))
    try Data().write(to: URL(fileURLWithPath: place.path + "/0099.safetensors"))
    // What a stopped run has left is nobody's to throw away but the reader's.
    do {
      _ = try journal(place, resumes: false)
      Issue.record("two trainings are gone")
    } catch {
      #expect((error as? JournalError)?.code == 73)
      #expect("\(error)".contains("found 2 of a run that was stopped. Use --resume"))
    }
    try journal(place).finish()
    #expect(try chapter(journal(place, resumes: false)).stepsMade == 80)
    #expect(!FileManager.default.fileExists(atPath: place.path + "/0099.safetensors"))
  }

  @Test("the files of an earlier short run stay, and are not taken up")
  func short() throws {
    let place = Place()
    _ = try chapter(journal(place))
    let short = try TrainingJournal(in: place.path, of: Self.options, resumes: false, isLong: false)
    #expect(FileManager.default.fileExists(atPath: place.path + "/0002.safetensors"))
    #expect(try chapter(short).stepsMade == 80)
  }

  @Test("a run that goes on says with what")
  func inheritance() throws {
    let place = Place()
    #expect(try journal(place).inheritance == nil)
    _ = try chapter(journal(place))
    #expect(try journal(place).inheritance?.hasPrefix("continuing with 2 training runs of an earlier session") == true)
  }

  @Test("where the observers' past is lost, the training is done again")
  func lostObservers() throws {
    let place = Place()
    let whole = try chapter(journal(place))
    try Data("[".utf8).write(to: URL(fileURLWithPath: place.path + "/0002.observers.json"))
    let resumed = try chapter(journal(place))
    #expect(resumed.stepsMade == 40 && resumed.losses == whole.losses)
  }

  /// Watches, and cannot say what it has seen.
  private final class Forgetful: TrainingObserver {}

  @Test("a training whose observer cannot be resumed is not kept, and leaves its neighbour's file alone")
  func forgetful() throws {
    let place = Place()
    let scope = TrainingScope(try journal(place))
    var trainer = Trainer(
      try Model(Sequential(["fc": Dense(2, 2)]), input: [2], seed: 1), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: ConstantRate(0.1), batchSize: 10, seed: 1)
    let data = Moons.samples(count: 20, noise: 0.2, seed: 1)
    _ = try trainer.train(on: data, keptIn: scope, epochs: 1, observers: [Forgetful()])
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
  }

  @Test("the journal of another run, or what is none, is refused in one line that says what to do")
  func foreign() throws {
    let place = Place()
    _ = try chapter(journal(place))
    func refusal() -> JournalError? {
      do {
        _ = try TrainingJournal(in: place.path, of: ["seed": "2", "size": "full"], resumes: true)
        return nil
      } catch { return error as? JournalError }
    }
    let other = try #require(refusal())
    #expect(other.code == 66)
    #expect(other.description.contains("expected training runs with seed 2, found seed 1. To start over, omit"))
    try Data("{".utf8).write(to: URL(fileURLWithPath: place.path + "/journal.json"))
    #expect(refusal()?.description.contains("expected the journal of a run") == true)
  }

  @Test("a program that was built after the trainings were made is noticed")
  func builtAnew() throws {
    let place = Place()
    _ = try chapter(journal(place))
    let program = place.path + "/program"
    try Data().write(to: URL(fileURLWithPath: program))
    for (seconds, isOlder) in [(-60.0, false), (60, true)] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: seconds)], ofItemAtPath: program)
      #expect(TrainingJournal.isOlder(in: place.path, than: program) == isOlder)
    }
    #expect(!TrainingJournal.isOlder(in: place.path + "/none", than: program))
  }

  @Test("an experiment that has changed since is refused too")
  func changed() throws {
    let place = Place()
    _ = try chapter(journal(place))
    var trainer = Trainer(
      try Model(Sequential(["fc": Dense(2, 2)]), input: [2], seed: 3), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: ConstantRate(0.1), batchSize: 10, seed: 3)
    #expect(throws: CheckpointError.self) {
      try trainer.train(
        on: Moons.samples(count: 100, noise: 0.2, seed: 1), keptIn: TrainingScope(journal(place)), epochs: 4,
        observers: [LossHistory()])
    }
  }

  @Test("a folder that cannot be made, or vanishes under way, is an error of writing")
  func unwritable() throws {
    let place = Place()
    try Data().write(to: URL(fileURLWithPath: place.path))
    do {
      _ = try TrainingJournal(in: place.path + "/below", of: Self.options, resumes: true)
      Issue.record("a file is no folder")
    } catch { #expect((error as? JournalError)?.code == 74) }
    let other = Place()
    let journal = try journal(other)
    try FileManager.default.removeItem(atPath: other.path)
    do {
      _ = try chapter(journal)
      Issue.record("the folder is gone")
    } catch {
      #expect((error as? JournalError)?.code == 74)
      #expect((error as? JournalError)?.found == "no such file or directory")
    }
  }

  @Test("the time of the whole goes by the recorded run, at this machine's pace")
  func secondsLeft() throws {
    let place = Place()
    try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    // Two trainings lie behind, which are a third of the recorded run and took 70 s with all around them.
    let index = #"{"run": {"seed": "1", "size": "full"}, "seconds": 70, "trainings": {"0001": 20, "0002": 40}}"#
    try Data(index.utf8).write(to: URL(fileURLWithPath: place.path + "/journal.json"))
    let pace = RecordedPace(seconds: 72, trainings: ["0001": 10, "0002": 20, "0003": 60])
    let journal = try journal(place, pace: pace)
    #expect(journal.secondsLeft == nil)
    for place in ["0001", "0002"] {
      journal.begin(place)
      journal.end(place)
    }
    journal.begin("0003")
    let left = try #require(journal.secondsLeft)
    #expect(abs(left - 140) < 1)
    #expect(journal.secondsBefore == 70 && journal.trainingSeconds == ["0001": 20, "0002": 40])
    #expect(try TrainingJournal(in: Place().path, of: Self.options, resumes: false).secondsLeft == nil)
  }
}
