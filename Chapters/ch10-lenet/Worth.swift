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
      try trainer.trainResumably(on: session.digits.train, testing: session.digits.test, epochs: epochs)
    } else {
      try trainer.train(on: session.digits.train, epochs: epochs)
    }
    return TrainedRun(
      variant: variant, seed: seed, history: trainer.history, model: trainer.model,
      evaluation: evaluate(trainer.model, on: session.digits.test, loss: net.loss), gradientTimes: [],
      gradientShares: [], gradientLayers: [], inputs: [], inputLayers: [])
  }
}

/// What was added to S0's table: the eight networks between LeNet-5 and LeNet-5+ at rates of their own, and the net with
/// all that was taught, each time without one part of it.
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
    /// The eight networks at rates of their own; with more seeds; and with more seeds at the one rate for all.
    case eight
    case eightMore = "eight-more"
    case eightSlow = "eight-slow"
    /// The last row with more seeds.
    case all
    /// The last row with one part left out; with more seeds.
    case without
    case withoutMore = "without-more"
    /// LeNet-5 with batch normalization, at a rate that lies within those tried; and at the one rate for all.
    case norm
    case normSlow = "norm-slow"
    /// LeNet-5 with batch normalization at several rates, and LeNet-5++ at larger ones, for three epochs.
    case rates
    /// The gradients of the first epoch: see ``FirstSteps``.
    case firstSteps = "first-steps"
    /// The last row with one part left out, on few digits; with more seeds.
    case few
    case fewMore = "few-more"
    /// Their rates chosen by several seeds; then all of them at these.
    case fewChoice = "few-choice"
    case fewOwn = "few-own"
    /// LeNet-5 with batch normalization: its rate chosen as those of the other rows are; then at that rate.
    case normChoice = "norm-choice"
    case normOwn = "norm-own"
    /// LeNet-5+ at smaller rates; the other networks at the rates beside their own.
    case plusRates = "plus-rates"
    case neighbours
    /// How far the first steps move the weights: see ``FirstUpdates``.
    case updates
    /// A softmax layer on pixels and on features: see ``FlatBoundaries``.
    case flat
    /// Without the batch normalization of the ten outputs: the last row on few digits.
    case fewLastNorm = "few-last-norm"
    /// The rates that the networks bear; the lengths of their weights: see ``WeightLengths``.
    case usualRates = "usual-rates"
    case lengths
    /// The features of the same layers before training.
    case untrained
  }

  /// A trial of three epochs at a given rate, as the list of trials names it.
  static func rateTrial(_ network: String, _ rate: Float) -> String {
    "\(network), 3 epochs, rate \(short(Double(rate)))"
  }
  static let normRates: [Float] = [0.02, 0.1, 0.5, 1, 2, 5, 10, 20]
  static let largeRates: [Float] = [2, 5, 10]
}

/// A part of the last row.
enum TaughtPart: String, CaseIterable, Codable, Sendable {
  case shifts, norm, cosine, momentum, maxPooling, heStart, relu, crossEntropy

  /// The last row without it.
  var without: Recipe {
    var recipe = Taught.Kind.all.recipe
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
    /// A choice and runs that are there already.
    var known: (choice: OwnRates.Choice, runs: [RunFindings])?
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
      let open = jobs.filter { !$0.isChoice }
      jobs =
        jobs.filter(\.isChoice) + Set(open.map(\.seed)).sorted().flatMap { seed in open.filter { $0.seed == seed } }
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
    if parts.contains(.flat), found.flat == nil { found.flat = try FlatBoundaries(measuredIn: session) }
    if parts.contains(.untrained), let flat = found.flat, flat.untrained == nil {
      found.flat?.untrained = try FlatBoundaries.untrained(in: session)
    }
    if parts.contains(.lengths), found.lengths == nil { found.lengths = try WeightLengths(measuredIn: session) }
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
          name: plan.name, choice: plan.known?.choice ?? empty, choiceEpochs: plan.isGiven ? 0 : plan.choiceEpochs,
          runs: []))
    }
    guard let place = trials.firstIndex(where: { $0.name == plan.name }) else { return [] }
    let tried = trials[place].choice.rates.map { Float($0) }
    if !plan.isGiven, trials[place].runs.isEmpty {
      let open = plan.known == nil ? plan.ladder[plan.first].filter { !tried.contains($0) } : []
      if !open.isEmpty { return open.map { job($0, choosing, isChoice: true) } }
      let best = plan.ladder.firstIndex(of: Float(trials[place].choice.rate)) ?? 0
      for next in [best - 1, best + 1] where plan.ladder.indices.contains(next) && !tried.contains(plan.ladder[next]) {
        return [job(plan.ladder[next], choosing, isChoice: true)]
      }
      if let known = plan.known, Float(known.choice.rate) == Float(trials[place].choice.rate) {
        trials[place].runs = known.runs
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
    let (seeds, eight) = ((0..<8).map { session.seeds[0] &+ UInt64($0) }, Variant.ablation)
    let short = found.ablation?.epochs ?? 10
    let rates: [Float] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]
    func own(_ place: Int, _ seeds: [UInt64]) -> Worth.Plan {
      // The two ends have a rate already, and five seeds at it.
      let row = place == 0 ? "LeNet-5" : place == eight.count - 1 ? "LeNet-5+" : nil
      let known = row.flatMap { found.ownRates?.choice($0) }.map { (choice: $0, runs: [RunFindings]()) }
      return Worth.Plan(
        name: eight[place].name, recipe: Recipe(net: eight[place].net), ladder: rates, first: 4...6,
        choiceEpochs: short, epochs: short, seeds: row == nil ? seeds : seeds.filter { !session.seeds.contains($0) },
        known: known)
    }
    func without(_ part: TaughtPart, _ seeds: [UInt64]) -> Worth.Plan {
      let ladder: [Float] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
      // Without momentum a step is a tenth as long, and squared error has the smaller gradients.
      let first = part == .momentum ? 4...6 : part == .crossEntropy ? 5...7 : 2...4
      return Worth.Plan(
        name: part.trial, recipe: part.without, ladder: ladder, first: first, choiceEpochs: 4, epochs: session.epochs,
        seeds: seeds)
    }
    switch self {
    case .eight: return eight.indices.map { own($0, Array(seeds.prefix(5))) }
    case .eightMore: return eight.indices.map { own($0, seeds) }
    case .eightSlow:
      return eight.indices.map { place in
        let isEnd = place == 0 || place == eight.count - 1
        return Worth.Plan(
          name: eight[place].name + ", rate \(session.options.rate)", recipe: Recipe(net: eight[place].net),
          ladder: [session.options.rate], first: 0...0, choiceEpochs: 0, epochs: short,
          seeds: Array(seeds.dropFirst(isEnd ? 5 : 3)))
      }
    case .without: return TaughtPart.allCases.map { without($0, Array(seeds.prefix(3))) }
    case .all:
      guard let all = found.taught?[.all] else { return [] }
      return [
        Worth.Plan(
          name: "all", recipe: Taught.Kind.all.recipe, ladder: [Float(all.choice.rate)], first: 0...0,
          choiceEpochs: 0, epochs: session.epochs, seeds: Array(seeds[3..<5]))
      ]
    case .withoutMore:
      // Those first that were missed most while the rates were chosen.
      func firstLook(_ part: TaughtPart) -> Double { found.worth?[part.trial]?.choice.errors.min() ?? 0 }
      return Worth.Part.all.plans(found, session)
        + TaughtPart.allCases.sorted { firstLook($0) > firstLook($1) }.map { without($0, Array(seeds.prefix(5))) }
    case .norm:
      guard let row = found.taught?[.norm] else { return [] }
      let recipe = Taught.Kind.norm.recipe
      return [
        Worth.Plan(
          name: "norm", recipe: recipe, ladder: rates, first: 5...10, choiceEpochs: 4, epochs: session.epochs,
          seeds: Array(seeds.prefix(3)), known: (row.choice, row.results.runs))
      ]
    case .normSlow:
      return [
        Worth.Plan(
          name: "norm, rate \(session.options.rate)", recipe: Taught.Kind.norm.recipe, ladder: [session.options.rate],
          first: 0...0,
          choiceEpochs: 0, epochs: session.epochs, seeds: Array(seeds.prefix(3)))
      ]
    case .rates:
      func brief(_ name: String, _ net: LeNet5, _ rate: Float) -> Worth.Plan {
        Worth.Plan(
          name: Worth.rateTrial(name, rate), recipe: Recipe(net: net), ladder: [rate], first: 0...0, choiceEpochs: 0,
          epochs: 3, seeds: Array(seeds.prefix(3)))
      }
      return Worth.normRates.map { brief("norm", Taught.Kind.norm.variant.net, $0) }
        + Worth.largeRates.flatMap { [brief("LeNet-5++", .plusPlus, $0), brief("LeNet-5", LeNet5(), $0)] }
    case .few: return fewPlans(found, Array(seeds.prefix(5)))
    case .fewMore: return fewPlans(found, (0..<10).map { session.seeds[0] &+ UInt64($0) })
    case .fewChoice: return fewChoicePlans(found, session)
    case .fewOwn: return fewOwnPlans(found, seeds)
    case .normChoice: return normChoicePlans(session)
    case .normOwn: return normOwnPlans(found, session)
    case .plusRates: return plusRatePlans(session)
    case .neighbours: return neighbourPlans(session)
    case .fewLastNorm: return Contest.fewLastNorm(session).plans(found.worth)
    case .firstSteps, .updates, .flat, .usualRates, .lengths, .untrained: return []
    }
  }
}
