// What each part is worth: networks and trainings that differ in one part, each at a rate that was chosen for it.

import Foundation
import Workbook

/// How a network is built and trained, all but its rate.
struct Recipe: Sendable {
  var net: LeNet5
  /// Momentum 0.9.
  var hasMomentum = false
  /// Whether the rate falls as a cosine.
  var fallsAsCosine = false
  /// Whether each digit is shifted by up to two pixels whenever it is used.
  var shifts = false
  /// Whether batch normalization, where there is any, also follows the last layer.
  var hasLastNorm = true
  /// Whether every epoch has the batches of the first, in their order.
  var repeatsBatches = false

  /// What the earlier chapters recommend: He's initial weights, ReLU, cross-entropy, batch normalization, max pooling,
  /// momentum, a falling rate, and digits shifted by up to two pixels each time they are used.
  static let full = Recipe(
    net: LeNet5(activation: .relu, pooling: .max, output: .logits, hasBatchNorm: true, initializer: .heNormal),
    hasMomentum: true, fallsAsCosine: true, shifts: true)
  /// ReLU, cross-entropy, and batch normalization in the hidden layers only.
  static let normed = Recipe(net: .plusPlus, hasLastNorm: false)

  /// The same without batch normalization of the ten outputs.
  var withoutLastNorm: Recipe {
    var recipe = self
    recipe.hasLastNorm = false
    return recipe
  }

  /// The network.
  var layers: Sequential {
    var entries = net.layers.entries
    if !hasLastNorm { entries.removeAll { $0.name == "bn5" } }
    return Sequential(entries)
  }

  /// Trains it once.
  ///
  /// - Parameter testsEachEpoch: whether it is tested and kept after every epoch, and not only at the end.
  /// - Throws: `Divergence` where the loss is no number any more.
  func trained(
    as variant: Variant, rate: Float, seed: UInt64, epochs: Int, in session: Session, testsEachEpoch: Bool = true
  ) throws -> TrainedRun {
    var trainer = Trainer(
      try Model(layers, input: LeNet5.inputShape, seed: seed), loss: net.loss,
      optimizer: hasMomentum ? SGD(momentum: 0.9) : SGD(),
      schedule: fallsAsCosine ? CosineDecay(rate, over: epochs) : ConstantRate(rate),
      batchSize: session.options.batch, seed: seed)
    if shifts { trainer.augmentation = Augmentation([RandomShift(by: 2)]) }
    if testsEachEpoch {
      try trainer.trainResumably(
        on: session.digits.train, testing: session.digits.test, epochs: epochs,
        observers: repeatsBatches ? [FirstOrder(session.digits.train, seed: seed)] : [])
    } else {
      try trainer.train(on: session.digits.train, epochs: epochs)
    }
    return TrainedRun(
      variant: variant, seed: seed, history: trainer.history, model: trainer.model,
      evaluation: evaluate(trainer.model, on: session.digits.test, loss: net.loss), gradientTimes: [],
      gradientShares: [], gradientLayers: [])
  }
}

/// What was added to S0's table: the nets of the two listings, the eight networks between LeNet-5 and LeNet-5+ at rates of
/// their own, and the full recipe, each time without one part of it.
///
/// Rates are chosen as in ``OwnRates``, on digits of the training set that are kept back, with a seed of their own.
struct Worth: Codable, Sendable {
  /// How many digits the rates were chosen on.
  var keptBack: Int
  var trials: [Trial] = []

  /// A network at the rate chosen for it.
  struct Trial: Codable, Sendable {
    var name: String
    /// One rate and no errors where the rate was given.
    var choice: OwnRates.Choice
    /// How long the networks of the choice were trained.
    var choiceEpochs: Int
    var runs: [RunFindings]

    /// Test errors in percent at the end.
    var finalError: Summary { Summary(runs.map(\.finalError)) }
  }

  subscript(name: String) -> Trial? { trials.first { $0.name == name } }

  /// What is measured together.
  enum Part: String, CaseIterable, Sendable {
    /// The nets of the two listings: their rates, and then their training to the end.
    case listed
    case listedAll = "listed-all"
    /// The eight networks at rates of their own.
    case eight
    /// The full recipe, with batch normalization of its outputs, and the same with one part left out.
    case all
    case without
    /// The gradients of the first epoch: see ``FirstSteps``.
    case firstSteps = "first-steps"
    /// The full recipe, and the same with one part left out, on few digits.
    case few
    /// LeNet-5 with one change at a time.
    case single
    /// A look into the net of the first listing.
    case look
    /// LeNet-5, LeNet-5+ and the net of the first listing at other rates than their own.
    case neighbours
    /// How far the first steps move the weights: see ``FirstUpdates``.
    case updates
    /// The rates that the networks bear; the lengths of their weights: see ``WeightLengths``.
    case usualRates = "usual-rates"
    case lengths
    /// What S0's program does otherwise: see ``ProgramDifference``.
    case differences
  }
}

/// A part of the full recipe.
enum TaughtPart: String, CaseIterable, Codable, Sendable {
  case shifts, norm, cosine, momentum, maxPooling, heStart, relu, crossEntropy

  /// The full recipe without it.
  var without: Recipe {
    var recipe = Recipe.full
    switch self {
    case .shifts: recipe.shifts = false
    case .norm: recipe.net.hasBatchNorm = false
    case .cosine: recipe.fallsAsCosine = false
    case .momentum: recipe.hasMomentum = false
    case .maxPooling: recipe.net.pooling = .average
    case .heStart: recipe.net.initializer = .xavierUniform
    case .relu: recipe.net.activation = .tanh
    case .crossEntropy: recipe.net.output = .sigmoid(.correct)
    }
    return recipe
  }

  /// In the list of trials.
  var trial: String { "without \(rawValue)" }
}

extension Worth {
  /// One trial to be made: what is trained, at which rates it begins to choose, and for how long.
  struct Plan {
    var name: String
    var recipe: Recipe
    /// The rates there are, and those to begin with; one alone is not chosen but given.
    var ladder: [Float]
    var first: ClosedRange<Int>
    var choiceEpochs: Int
    var epochs: Int
    var seeds: [UInt64]
    /// How many digits each seed draws to train on; nil for all.
    var images: Int?
    /// Whether it is judged on the digits kept back.
    var isHeld = false
    var isGiven: Bool { ladder.count == 1 }
  }

  /// One training.
  struct Job: Sendable {
    var trial: String
    var recipe: Recipe
    var rate: Float
    var seed: UInt64
    var epochs: Int
    var isChoice: Bool
    var images: Int?
    var isHeld = false
  }

  /// Goes on with some parts until they are whole or the time is over.
  ///
  /// - Parameter keep: is called with all that is there, after each pair of trainings.
  static func measure(
    _ parts: [Part], into found: inout VariantFindings, in session: Session, until deadline: Date = .distantFuture,
    keep: (VariantFindings) throws -> Void = { _ in }
  ) throws {
    var worth = found.worth ?? Worth(keptBack: session.digits.train.count / 6)
    let choosing = session.seeds[0] &+ 100
    var held = session
    (held.digits.train, held.digits.test) = session.digits.train.splitting(
      validation: worth.keptBack, seed: choosing)
    while Date() < deadline {
      // Some parts follow from what others have found.
      let plans = parts.flatMap { $0.plans(found, session) }
      var jobs: [Job] = []
      for plan in plans { jobs += worth.pending(plan, choosing: choosing) }
      // Choices first, so that trainings of a length run beside each other; then seed by seed, so that all have as many.
      let (choices, tries) = (jobs.filter(\.isChoice), jobs.filter { $0.isHeld && !$0.isChoice })
      let open = jobs.filter { !$0.isChoice && !$0.isHeld }.sorted { $0.seed < $1.seed }
      jobs = choices + tries + open
      guard let first = jobs.first else { break }
      let second = jobs.dropFirst().first { $0.epochs == first.epochs } ?? jobs.dropFirst().first
      let pair = [first] + (second.map { [$0] } ?? [])
      let runs = try inParallel(pair.count) { place -> RunFindings? in
        let job = pair[place]
        do { return try job.run(in: job.isChoice || job.isHeld ? held : session) } catch is Divergence { return nil }
      }
      for (job, run) in zip(pair, runs) { worth.add(job, run) }
      found.worth = worth
      try keep(found)
      for (job, run) in zip(pair, runs) {
        printError(
          "\(job.trial), rate \(job.rate), seed \(job.seed)\(job.isChoice ? ", choice" : ""): "
            + (run.map { "\(fixed($0.finalError, 2)) %, \(fixed($0.fastestEpoch, 1)) s an epoch" } ?? "diverged"))
      }
    }
    // What a choice found among the known rates has its runs already.
    found.worth = worth
    if parts.contains(.firstSteps), found.firstSteps == nil { found.firstSteps = try FirstSteps(measuredIn: session) }
    if parts.contains(.updates), found.updates == nil { found.updates = try FirstUpdates(measuredIn: session) }
    if parts.contains(.look), found.look == nil { found.look = try lookIntoListed(found, in: session) }
    if parts.contains(.lengths), found.lengths == nil { found.lengths = try WeightLengths(measuredIn: session) }
    if parts.contains(.lengths), found.plainLengths == nil {
      found.plainLengths = try WeightLengths(of: Recipe(net: .plus), at: [0.02, 0.2], measuredIn: session)
    }
    if parts.contains(.usualRates) {
      try measureUsualRates(into: &found, in: session, until: deadline, keep: keep)
    }
  }

  /// What is missing of a trial: first the rates to choose from, then more beyond while the best is an end, then the seeds.
  private mutating func pending(_ plan: Plan, choosing: UInt64) -> [Job] {
    func job(_ rate: Float, _ seed: UInt64, isChoice: Bool) -> Job {
      Job(
        trial: plan.name, recipe: plan.recipe, rate: rate, seed: seed,
        epochs: isChoice ? plan.choiceEpochs : plan.epochs, isChoice: isChoice, images: plan.images,
        isHeld: plan.isHeld)
    }
    if self[plan.name] == nil {
      let empty = OwnRates.Choice(name: plan.name, rates: plan.isGiven ? [Double(plan.ladder[0])] : [], errors: [])
      trials.append(
        Trial(
          name: plan.name, choice: empty, choiceEpochs: plan.isGiven ? 0 : plan.choiceEpochs, runs: []))
    }
    guard let place = trials.firstIndex(where: { $0.name == plan.name }) else { return [] }
    let tried = trials[place].choice.rates.map { Float($0) }
    if !plan.isGiven, trials[place].runs.isEmpty {
      let open = plan.ladder[plan.first].filter { !tried.contains($0) }
      if !open.isEmpty { return open.map { job($0, choosing, isChoice: true) } }
      let best = plan.ladder.firstIndex(of: Float(trials[place].choice.rate)) ?? 0
      for next in [best - 1, best + 1] where plan.ladder.indices.contains(next) && !tried.contains(plan.ladder[next]) {
        return [job(plan.ladder[next], choosing, isChoice: true)]
      }
    }
    let (rate, done) = (Float(trials[place].choice.rate), trials[place].runs.map(\.seed))
    return plan.seeds.filter { !done.contains($0) }.map { job(rate, $0, isChoice: false) }
  }

  /// Takes in what a training gave; nil where it diverged.
  private mutating func add(_ job: Job, _ run: RunFindings?) {
    guard let place = trials.firstIndex(where: { $0.name == job.trial }) else { return }
    // A net that says nothing has nine of ten wrong.
    let error = run?.finalError ?? 90
    if job.isChoice {
      let at = trials[place].choice.rates.firstIndex { $0 > Double(job.rate) } ?? trials[place].choice.rates.count
      trials[place].choice.rates.insert(Double(job.rate), at: at)
      trials[place].choice.errors.insert(error, at: at)
    } else {
      trials[place].runs.append(
        run
          ?? RunFindings(seed: job.seed, errors: [error], finalError: error, trainingError: error, fastestEpoch: 0))
      trials[place].runs.sort { $0.seed < $1.seed }
    }
  }
}

extension Worth.Part {
  /// What belongs to it.
  fileprivate func plans(_ found: VariantFindings, _ session: Session) -> [Worth.Plan] {
    func plan(_ name: String, _ recipe: Recipe, part: TaughtPart?) -> Worth.Plan {
      // Without momentum a step is a tenth as long, and squared error has the smaller gradients.
      let first = part == .momentum ? 4...6 : part == .crossEntropy ? 5...7 : 2...4
      return Worth.Plan(
        name: name, recipe: recipe, ladder: Worth.ladder, first: first, choiceEpochs: 4, epochs: session.epochs,
        seeds: session.seeds)
    }
    switch self {
    case .eight:
      // The two ends have the rates and the runs of the first table.
      return Variant.ablation.dropFirst().dropLast().flatMap {
        Contest.eight($0, epochs: found.ablation?.epochs ?? 10, session).plans(found.worth)
      }
    case .without: return TaughtPart.allCases.map { plan($0.trial, $0.without, part: $0) }
    case .all: return [plan("all", .full, part: nil)]
    case .few: return ([nil] + TaughtPart.allCases).flatMap { Contest.few($0, session).plans(found.worth) }
    case .single: return SingleChange.allCases.flatMap { Contest.single($0, session).plans(found.worth) }
    case .neighbours: return neighbourPlans(session)
    case .listed: return Contest.listed(session).plans(found.worth)
    case .listedAll: return Contest.listedAll(session).plans(found.worth)
    case .differences: return ProgramDifference.plans(session)
    case .firstSteps, .updates, .usualRates, .lengths, .look: return []
    }
  }
}
