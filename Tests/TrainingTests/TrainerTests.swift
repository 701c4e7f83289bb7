// The training loop: it learns, repeats itself, survives, and says why it stops.

import Datasets
import Foundation
import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct TrainerTests {
  @Test("learns three clouds, and reports what it has done")
  func learns() throws {
    var trainer = try trainer()
    let outcome = try trainer.train(on: clouds(100, seed: 1), testing: clouds(60, seed: 2), epochs: 8)
    #expect(outcome == .finished)
    #expect(trainer.history.map(\.epoch) == Array(1...8))
    let (first, last) = (try #require(trainer.history.first), try #require(trainer.history.last))
    #expect(last.trainingLoss < first.trainingLoss / 1.5)
    #expect(try #require(last.testError) < 0.1)
    #expect(last.learningRate == 0.1)
    #expect(last.seconds > 0)
    #expect(last.validationError == nil)
  }

  @Test("equal seeds give equal bits, another seed gives others")
  func deterministic() throws {
    let runs = try [UInt64(1), 1, 2].map { seed in
      var run = try trainer(seed: seed)
      try run.train(on: clouds(50, seed: 1), epochs: 2)
      return run.model.stateDict
    }
    #expect(runs[0] == runs[1])
    #expect(runs[0] != runs[2])
  }

  @Test("every sample is used once an epoch, the last partial batch included")
  func coverage() throws {
    // The first coordinate is the sample's number; the augmentation sees each batch.
    let count = 23
    let inputs = Tensor([count, 2], (0..<count).flatMap { [Float($0), 0] })
    let samples = TensorSamples(
      name: "numbered", inputs: inputs, labels: Array(repeating: 0, count: count), classCount: 3)
    let seen = Seen()
    var trainer = try trainer(rate: 1e-6)
    let watch = TrainingHooks(batchLoaded: { batch, _, _ in
      seen.add(batch.labels.indices.map { Int(batch.inputs[$0, 0]) })
    })
    try trainer.train(on: samples, epochs: 2, observers: [watch])
    #expect(seen.batches.map(\.count) == [7, 7, 7, 2, 7, 7, 7, 2])
    let (first, second) = (seen.batches[..<4].flatMap(\.self), seen.batches[4...].flatMap(\.self))
    #expect(first.sorted() == Array(0..<count))
    #expect(second.sorted() == Array(0..<count))
    #expect(first != second)
  }

  @Test("a single sample that is left joins the step before; alone, it is a step of its own")
  func leftOver() throws {
    for (count, batches) in [(15, [7, 8]), (14, [7, 7]), (16, [7, 7, 2]), (8, [8]), (1, [1]), (3, [3])] {
      let seen = Seen()
      let model = try Model(Sequential(["fc": Dense(2, 3)]), input: [2], seed: 1)
      var trainer = try trainer(model: model, optimizer: SGD())
      let (watch, losses) = (TrainingHooks(batchLoaded: { batch, _, _ in seen.add(batch.labels) }), LossHistory())
      try trainer.train(on: clouds(count, seed: 1), epochs: 1, observers: [watch, losses])
      #expect(seen.batches.map(\.count) == batches)
      #expect(losses.steps.map(\.sampleCount) == batches)
    }
  }

  @Test("the mean loss weighs every sample alike, partial batch or not")
  func meanLoss() throws {
    // With a rate of 0 the model never moves, so the epoch's mean is that of an evaluation. No batch norm: its
    // training statistics depend on the batch.
    let model = try Model(Sequential(["fc": Dense(2, 3)]), input: [2], seed: 1)
    var trainer = try trainer(rate: 0, model: model, optimizer: SGD())
    let samples = clouds(23, seed: 5)
    try trainer.train(on: samples, testing: samples, epochs: 1)
    let record = try #require(trainer.history.first)
    #expect(abs(record.trainingLoss - (record.testLoss ?? 0)) < 1e-6)
    #expect(record.trainingError == record.testError)
  }

  @Test("a run killed after any epoch and resumed ends with the bits of one that was not")
  func resume() throws {
    let scratch = try Scratch()
    let (data, test) = (clouds(40, seed: 1), clouds(30, seed: 2))
    var whole = try trainer()
    try whole.train(on: data, testing: test, epochs: 5)
    for cut in 1...4 {
      let path = scratch.file("run\(cut)")
      do {
        var first = try trainer()
        try first.train(on: data, testing: test, epochs: cut, observers: [saving(to: path)])
      }
      // Killed while it wrote the next one.
      try Data([0]).write(to: URL(fileURLWithPath: scratch.file(".run\(cut).partial-999999999")))
      var second = try trainer()
      try second.resume(from: path)
      #expect(second.history.map(\.epoch) == Array(1...cut))
      try second.train(on: data, testing: test, epochs: 5, observers: [saving(to: path)])
      #expect(second.model.stateDict == whole.model.stateDict, "cut after epoch \(cut)")
      #expect(second.optimizer.state == whole.optimizer.state)
      #expect(second.history.map(\.trainingLoss) == whole.history.map(\.trainingLoss))
      #expect(second.history.map(\.testLoss) == whole.history.map(\.testLoss))
    }
    #expect(scratch.listing == ["run1", "run2", "run3", "run4"])
  }

  @Test("a checkpoint of another run is refused in one line, which says what differs")
  func otherCheckpoint() throws {
    let scratch = try Scratch()
    let path = scratch.file("run")
    var first = try trainer()
    try first.train(on: clouds(20, seed: 1), epochs: 1, observers: [saving(to: path, notes: ["data": "clouds"])])
    func refusal(_ other: Trainer, data: String = "clouds") -> String {
      var other = other
      let before = other.model.stateDict
      let text = message { try other.resume(from: path, notes: ["data": data]) } ?? "accepted"
      #expect(other.model.stateDict == before && other.history.isEmpty)
      #expect(text.hasPrefix(path + ": expected a checkpoint of ") && !text.contains("\n"))
      return text
    }
    #expect(
      refusal(try trainer(model: try smallModel(hidden: 9))).contains("layers fc1 Dense [9], found fc1 Dense [8]"))
    var other = try trainer()
    other.model.layers["act1"] = ReLU()
    #expect(refusal(other).contains("layers act1 ReLU [8], found act1 Tanh [8]"))
    #expect(refusal(try trainer(loss: MeanSquaredError())).contains("loss mean squared error, found"))
    #expect(refusal(try trainer(optimizer: SGD())).contains("optimizer SGD, found SGD, momentum 0.9"))
    #expect(refusal(try trainer(rate: 0.2)).contains("schedule constant 0.2, found constant 0.1"))
    #expect(refusal(try trainer(batchSize: 8)).contains("batch 8, found 7"))
    #expect(refusal(try trainer(seed: 9)).contains("seed 9, found 1"))
    #expect(refusal(try trainer(), data: "MNIST").contains("data MNIST, found clouds"))
    other = try trainer()
    other.earlyStopping = EarlyStopping(patience: 2)
    #expect(refusal(other).contains("early stopping 2, 0.0, found none"))
    // Weights alone are not a checkpoint.
    try first.model.save(to: path)
    #expect(refusal(try trainer()).contains("found no readable history"))
    #expect(message { try first.resume(from: scratch.file("none")) }?.contains("no such file") == true)
  }

  @Test("a checkpoint whose optimizer remembers other shapes is refused before it can do harm")
  func hostileOptimizerState() throws {
    let scratch = try Scratch()
    let path = scratch.file("run")
    var first = try trainer()
    try first.train(on: clouds(20, seed: 1), epochs: 1, observers: [saving(to: path)])
    let file = try Safetensors(path: path)
    for (name, shape) in [("optimizer.velocity.0", Shape([1])), ("optimizer.velocity.99", [8])] {
      var tensors = Dictionary(uniqueKeysWithValues: try file.names.map { ($0, try file.tensor($0)) })
      tensors[name] = Tensor(zeros: shape)
      try Safetensors.write(tensors, metadata: file.metadata, to: scratch.file("bad"))
      var second = try trainer()
      #expect(message { try second.resume(from: scratch.file("bad")) }?.contains("found velocity.") == true)
      #expect(second.history.isEmpty)
    }
  }

  @Test("a training whose running statistics have overflowed is taken up as it was left")
  func checkpointWithNaN() throws {
    let scratch = try Scratch()
    let path = scratch.file("run")
    var first = try trainer()
    try first.train(on: clouds(20, seed: 1), epochs: 1, observers: [saving(to: path)])
    first.model.visitBuffers { _, buffer in buffer.fill(.nan) }
    try first.saveCheckpoint(to: path)
    var second = try trainer()
    try second.resume(from: path)
    #expect(second.history.count == 1 && !second.model.buffers.isEmpty)
    #expect(second.model.buffers.allSatisfy { $0.value.elements.allSatisfy(\.isNaN) })
  }

  @Test("the weights in a checkpoint can be loaded as weights")
  func checkpointAsWeights() throws {
    let scratch = try Scratch()
    var first = try trainer()
    try first.train(on: clouds(20, seed: 1), epochs: 1, observers: [saving(to: scratch.file("run"))])
    var model = try smallModel(seed: 5)
    try model.load(contentsOf: scratch.file("run"))
    #expect(model.stateDict == first.model.stateDict)
  }

  @Test("a diverging run stops with advice, at the end of the last good epoch")
  func diverges() throws {
    let scratch = try Scratch()
    let path = scratch.file("run")
    let model = try Model(Sequential(["fc1": Dense(2, 8), "fc2": Dense(8, 3)]), input: [2], seed: 1)
    var trainer = Trainer(
      model, loss: MeanSquaredError(), optimizer: SGD(), schedule: StepTable([(through: 1, 0.01)], then: 1e6),
      batchSize: 8, seed: 1)
    var thrown: Divergence?
    do {
      try trainer.train(on: clouds(40, seed: 1), epochs: 3, observers: [saving(to: path)])
    } catch let error as Divergence { thrown = error }
    let divergence = try #require(thrown)
    #expect(divergence.epoch == 2 && divergence.step > 1 && !divergence.loss.isFinite)
    #expect(divergence.description.contains("at learning rate 1000000.0; the state after epoch 1 is kept. Try a tenth"))
    #expect(trainer.history.count == 1)
    var kept = try smallModel()
    kept = model
    try kept.load(contentsOf: path)
    #expect(kept.stateDict == trainer.model.stateDict)
    #expect(kept.stateDict != model.stateDict)
  }

  @Test("weights spoiled by the very last step are noticed too")
  func divergesAtTheEnd() throws {
    var trainer = try trainer(rate: .infinity, batchSize: 100)
    let error = message { try trainer.train(on: clouds(20, seed: 1), epochs: 1) }
    #expect(error?.contains("the loss is nan in epoch 1, step 1") == true)
    #expect(error?.contains("is kept") == false)
    #expect(trainer.model.stateDict == (try smallModel().stateDict))
  }

  @Test("an interruption finishes the step and goes back to the end of the epoch before", arguments: [7, 8, 12])
  func interrupted(poll: Int) throws {
    let scratch = try Scratch()
    let path = scratch.file("run")
    let samples = clouds(40, seed: 1)
    var whole = try trainer()
    try whole.train(on: samples, epochs: 3)
    var polls = 0
    var cut = try trainer()
    let outcome = try cut.train(
      on: samples, epochs: 3,
      observers: [
        TrainingHooks(asksToStop: {
          polls += 1
          return polls == poll
        }), saving(to: path),
      ])
    // 40 samples in batches of 7 are 6 steps; the seventh question comes before the second epoch.
    #expect(outcome == .interrupted(epoch: 2, step: poll - 7))
    #expect(outcome.isInterrupted)
    #expect(cut.history.count == 1)
    var kept = try smallModel(seed: 9)
    try kept.load(contentsOf: path)
    #expect(kept.stateDict == cut.model.stateDict)
    #expect(try cut.train(on: samples, epochs: 3) == .finished)
    #expect(cut.model.stateDict == whole.model.stateDict)
  }

  @Test("a checkpoint that cannot be written ends the run, and what is not on the disk has not happened")
  func unwritableCheckpoint() throws {
    var trainer = try trainer()
    let text = message {
      try trainer.train(on: clouds(20, seed: 1), epochs: 2, observers: [saving(to: "/no such folder/run")])
    }
    #expect(text?.contains("expected a folder that can be written") == true)
    #expect(trainer.history.isEmpty)
    #expect(trainer.model.stateDict == (try smallModel().stateDict))
  }

  @Test("early stopping restores the weights of the best validation error")
  func earlyStopping() throws {
    // Training labels are noise, so the validation error soon stops falling.
    var noise = clouds(40, seed: 1, spread: 1.5)
    var generator = SeededGenerator(seed: 3)
    for i in noise.labels.indices where i % 2 == 0 { noise.labels[i] = generator.nextInt(below: 3) }
    let validation = clouds(60, seed: 2, spread: 1.5)
    var trainer = try trainer(rate: 0.3)
    trainer.earlyStopping = EarlyStopping(patience: 3)
    let outcome = try trainer.train(on: noise, validation: validation, epochs: 60)
    guard case .stoppedEarly(let best) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(trainer.history.count == best + 3)
    let errors = trainer.history.compactMap(\.validationError)
    #expect(errors[best - 1] == errors.min())
    let result = evaluate(trainer.model, on: validation, loss: trainer.loss)
    #expect(result.error == errors[best - 1])
  }

  @Test("early stopping, too, resumes to the same end")
  func earlyStoppingResumes() throws {
    let scratch = try Scratch()
    let path = scratch.file("run")
    let (data, validation) = (clouds(30, seed: 1, spread: 1.5), clouds(30, seed: 2, spread: 1.5))
    func start() throws -> Trainer {
      var run = try trainer(rate: 0.3)
      run.earlyStopping = EarlyStopping(patience: 4)
      return run
    }
    var whole = try start()
    let end = try whole.train(on: data, validation: validation, epochs: 40)
    var first = try start()
    try first.train(on: data, validation: validation, epochs: 2, observers: [saving(to: path)])
    var second = try start()
    try second.resume(from: path)
    #expect(
      try second.train(on: data, validation: validation, epochs: 40, observers: [saving(to: path)]) == end)
    #expect(second.model.stateDict == whole.model.stateDict)
    // And a run that had stopped already does nothing more.
    var third = try start()
    try third.resume(from: path)
    #expect(try third.train(on: data, validation: validation, epochs: 40) == end)
    #expect(third.history.count == whole.history.count)
    #expect(third.model.stateDict == whole.model.stateDict)
  }

  @Test("gradients pass through the hook before the update, parameters after it")
  func hooks() throws {
    var still = try trainer()
    let before = still.model.stateDict
    let freeze = TrainingHooks(gradientsReady: { $0.visitParameters { $1.gradient.fill(0) } })
    try still.train(on: clouds(20, seed: 1), epochs: 1, observers: [freeze])
    #expect(still.model.stateDict["fc1.weight"] == before["fc1.weight"])
    var zero = try trainer()
    let erase = TrainingHooks(stepEnded: { $0.visitParameters { $1.value.fill(0) } })
    try zero.train(on: clouds(20, seed: 1), epochs: 1, observers: [erase])
    #expect(zero.model.stateDict["fc2.weight"] == Tensor(zeros: [3, 8]))
  }

  @Test("values are learned as classes are: the loss falls, and there are no errors to count")
  func regression() throws {
    let x = Tensor([40, 1], (0..<40).map { Float($0) / 20 - 1 })
    let line = TensorSamples(name: "a line", inputs: x, values: x.map { 3 * $0 - 1 })
    func run(_ reduction: Reduction, rate: Float) throws -> Trainer {
      var trainer = Trainer(
        try Model(Sequential([Dense(1, 1)]), input: [1], seed: 1), loss: MeanSquaredError(reduction: reduction),
        optimizer: SGD(), schedule: ConstantRate(rate), batchSize: 8, seed: 1)
      trainer.earlyStopping = EarlyStopping(patience: 5)
      try trainer.train(on: line, validation: line, epochs: 60)
      return trainer
    }
    let mean = try run(.mean, rate: 0.1)
    #expect(mean.history.allSatisfy { $0.trainingError == nil && $0.validationError == nil })
    #expect(try #require(mean.history.last?.validationLoss) < 1e-6)
    let found = mean.model.parameters.map { $0.parameter.value.elements[0] }
    #expect(abs(found[0] - 3) < 1e-2 && abs(found[1] + 1) < 1e-2)
    // A sum over eight samples with an eighth of the rate is the same run; its losses are told per sample as well.
    let sum = try run(.sum, rate: 0.1 / 8)
    #expect(zip(mean.history, sum.history).allSatisfy { abs($0.trainingLoss - $1.trainingLoss) < 1e-5 })
  }

  @Test("a model that does not fit the data is refused before the first step")
  func refusals() throws {
    var trainer = try trainer()
    let four = TensorSamples(name: "four", inputs: Tensor(zeros: [4, 2]), labels: [0, 1, 2, 3], classCount: 4)
    #expect(
      message { try trainer.train(on: four, epochs: 1) } == "the model has 3 outputs, but four has 4 classes")
    let wide = TensorSamples(name: "wide", inputs: Tensor(zeros: [4, 5]), labels: [0, 1, 2, 0], classCount: 3)
    #expect(message { try trainer.train(on: wide, epochs: 1) }?.contains("fc1") == true)
    let none = TensorSamples(name: "none", inputs: Tensor(zeros: [0, 2]), labels: [], classCount: 3)
    #expect(message { try trainer.train(on: none, epochs: 1) } == "none: expected samples to train on, found none")
  }

  @Test("a validation split is disjoint, complete, and the same for the same seed")
  func split() {
    let data = Dataset(
      name: "bytes", pixels: Array(0..<100), labels: (0..<100).map { $0 % 10 }, imageShape: [1, 1, 1], classCount: 10)
    let (training, validation) = data.splitting(validation: 20, seed: 1)
    #expect(training.count == 80 && validation.count == 20)
    #expect((training.pixels + validation.pixels).sorted() == Array(0..<100))
    #expect(zip(validation.pixels, validation.labels).allSatisfy { $0 % 10 == $1 })
    #expect(data.splitting(validation: 20, seed: 1).validation.pixels == validation.pixels)
    #expect(data.splitting(validation: 20, seed: 2).validation.pixels != validation.pixels)
  }
}

/// Collects batches.
private final class Seen {
  var batches: [[Int]] = []
  func add(_ batch: [Int]) { batches.append(batch) }
}
