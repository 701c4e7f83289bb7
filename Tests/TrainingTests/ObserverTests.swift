// Those who watch: what they see, and that they do not disturb.

import NeuralNetworks
import Tensors
import Testing
import Training

@Suite struct ObserverTests {
  @Test("watched or not, the run is the same bit for bit")
  func undisturbed() throws {
    let samples = clouds(40, seed: 1)
    var alone = try trainer()
    try alone.train(on: samples, testing: samples, epochs: 2)
    var watched = try trainer()
    try watched.train(
      on: samples, testing: samples, epochs: 2,
      observers: [
        LossHistory(), GradientNorms(every: 1), GradientNorms(every: 1, of: .parameters),
        UpdateRatios(every: 1), ActivationInputs(sample: samples.inputs, beginsBeforeTraining: true),
        TrainingHooks(),
      ])
    #expect(alone.model.stateDict == watched.model.stateDict)
  }

  @Test("a history keeps every step, or one of several, from where a resumed run goes on")
  func histories() throws {
    let samples = clouds(40, seed: 1)
    var trainer = try trainer()
    try trainer.train(on: samples, testing: samples, epochs: 1)
    let (losses, some) = (LossHistory(), LossHistory(every: 4))
    try trainer.train(on: samples, testing: samples, epochs: 3, observers: [losses, some])
    // 40 samples in batches of 7 are 6 steps.
    #expect(losses.steps.map(\.globalStep) == Array(7...18))
    #expect(some.steps.map(\.globalStep) == [9, 13, 17])
    #expect(losses.steps.first?.time == 1 && losses.steps.last?.time == 2 + 5.0 / 6)
    #expect(losses.smoothed(0) == losses.losses)
    #expect(abs((losses.smoothed(0.9).first ?? 0) - (losses.losses.first ?? 1)) < 1e-12)
  }

  @Test("a layer's norm is that of all its parameters, and shares add up to 1")
  func parameterNorms() throws {
    var trainer = try trainer()
    let norms = GradientNorms(every: 1, of: .parameters)
    try trainer.train(on: clouds(7, seed: 1), epochs: 2, observers: [norms])
    #expect(norms.names == ["fc1", "bn1", "fc2"])
    #expect(norms.times == [0, 1])
    // The second epoch's gradients are still in the model.
    var squares = 0.0
    for (name, parameter) in trainer.model.parameters where name.hasPrefix("fc2") {
      for g in parameter.gradient.elements { squares += Double(g) * Double(g) }
    }
    #expect(abs(norms.norms[1][2] - squares.squareRoot()) < 1e-9)
    #expect(norms.shares.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
  }

  @Test("the norm at a layer's output is that of the gradient that arrives there")
  func outputNorms() throws {
    var trainer = try trainer()
    let norms = GradientNorms(every: 1)
    try trainer.train(on: clouds(7, seed: 1), epochs: 1, observers: [norms])
    // fc2 is the last layer, whose output the network does not keep.
    #expect(norms.names == ["fc1"])
    let arrived = trainer.model.layers.activationGradient(at: 0).elements.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(arrived > 0 && abs(norms.norms[0][0] - arrived.squareRoot()) < 1e-9)
  }

  @Test("an update ratio is the length of the step by that of the weights")
  func updateRatios() throws {
    // Gradient = value, plain descent: the step is rate · w, and the ratio the rate.
    var trainer = try trainer(optimizer: SGD())
    let decay = TrainingHooks(gradientsReady: { $0.visitParameters { $1.gradient = $1.value } })
    let ratios = UpdateRatios(every: 1)
    try trainer.train(on: clouds(14, seed: 1), epochs: 1, observers: [ratios, decay])
    #expect(ratios.names.first == "fc1.weight")
    #expect(ratios.ratios.count == 2)
    #expect(ratios.ratios.allSatisfy { abs($0[0] - 0.1) < 1e-5 })
  }

  @Test("activation inputs are those of the named layers, before training too where asked for")
  func activationInputs() throws {
    let samples = clouds(30, seed: 1)
    let inputs = ActivationInputs(sample: samples.inputs, beginsBeforeTraining: true, bins: 10, range: nil)
    let first = ActivationInputs(sample: samples.inputs, layers: ["fc1"], bins: 10, range: nil)
    var trainer = try trainer()
    try trainer.train(on: samples, epochs: 2, observers: [inputs, first])
    #expect(inputs.names == ["act1"] && first.names == ["fc1"])
    #expect(inputs.epochs == [0, 1, 2] && first.epochs == [1, 2])
    // Before training, batch normalization hands on mean 0 and deviation 1.
    let start = inputs.snapshots[0][0]
    #expect(abs(start.mean) < 1e-4 && abs(start.deviation - 1) < 1e-3)
    #expect(start.histogram.reduce(0, +) == 30 * 8)
    #expect(first.snapshots[1][0] == TensorStatistics(samples.inputs, bins: 10))
  }

  @Test("progress rises to 1 and ends with nothing left")
  func progress() throws {
    var reports: [Trainer.Progress] = []
    var trainer = try trainer()
    try trainer.train(
      on: clouds(40, seed: 1), epochs: 2, observers: [TrainingHooks(progressed: { reports.append($0) })])
    // The first step, and the last of each epoch; more where the machine is slow.
    #expect(reports.count >= 3)
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.fraction < $1.fraction })
    #expect(reports.last?.fraction == 1)
    #expect(reports.last?.secondsLeft == 0)
    #expect(abs((reports.last?.loss ?? 0) - (trainer.history.last?.trainingLoss ?? 1)) < 1e-12)
  }
}
