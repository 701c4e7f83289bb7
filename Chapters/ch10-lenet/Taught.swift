// LeNet's layers with what the chapters before this one taught, and LeNet-5 with batch normalization alone.

import Foundation
import Workbook

/// Rows beyond S0's table: each changes LeNet-5's parts or its training, and has a rate of its own.
///
/// Rates are chosen as in ``OwnRates``, on digits of the training set that are kept back, with a seed of their own.
struct Taught: Codable, Sendable {
  /// What a row changes.
  enum Kind: String, CaseIterable, Codable, Sendable {
    /// LeNet-5 with batch normalization after every layer, and nothing else.
    case norm
    /// He's initial weights, ReLU, cross-entropy, batch normalization, max pooling, momentum, a falling rate, and digits
    /// shifted by up to two pixels each time they are used.
    case all
  }

  /// How long the networks of the choice were trained, and on how many digits they were judged.
  var choiceEpochs: Int
  var keptBack: Int
  var rows: [Row]

  struct Row: Codable, Sendable {
    var kind: Kind
    var choice: OwnRates.Choice
    var results: VariantResults
  }

  subscript(kind: Kind) -> Row? { rows.first { $0.kind == kind } }
}

extension Taught.Kind {
  /// As tables name it.
  var name: String {
    switch self {
    case .norm: "LeNet-5 with batch normalization"
    case .all: "with what chapters 4 to 9 taught"
    }
  }

  var variant: Variant {
    switch self {
    case .norm: Variant(name, LeNet5(hasBatchNorm: true), color: 4)
    case .all:
      Variant(
        name, LeNet5(activation: .relu, pooling: .max, output: .logits, hasBatchNorm: true, initializer: .heNormal),
        color: 5)
    }
  }

  /// The rates to choose from: with momentum 0.9 a step becomes ten times as long.
  var rates: [Float] { self == .norm ? [0.2, 0.5, 1, 2, 5, 10] : [0.01, 0.03, 0.1] }

  /// How it is built and trained.
  var recipe: Recipe {
    switch self {
    case .norm: Recipe(net: variant.net)
    case .all: Recipe(net: variant.net, hasMomentum: true, fallsAsCosine: true, shifts: true)
    }
  }
}

extension Taught {
  /// Chooses a rate for each kind, and trains it as long as S0's table with three of its seeds.
  init(measuredIn session: Session) throws {
    (choiceEpochs, keptBack, rows) = (4, session.digits.train.count / 6, [])
    let seed = session.seeds[0] &+ 100
    var held = session
    (held.digits.train, held.digits.test) = session.digits.train.splitting(validation: keptBack, seed: seed)
    for kind in Kind.allCases {
      let errors = try kind.rates.map { rate in
        do {
          return try kind.recipe.trained(as: kind.variant, rate: rate, seed: seed, epochs: choiceEpochs, in: held)
            .errors.last ?? .nan
        } catch is Divergence { return 90 }
      }
      let choice = OwnRates.Choice(name: kind.name, rates: kind.rates.map(Double.init), errors: errors)
      let runs = try session.seeds.prefix(3).map {
        try kind.recipe.trained(
          as: kind.variant, rate: Float(choice.rate), seed: $0, epochs: session.epochs, in: session)
      }
      rows.append(Row(kind: kind, choice: choice, results: VariantResults(kind.variant, runs)))
    }
  }
}
