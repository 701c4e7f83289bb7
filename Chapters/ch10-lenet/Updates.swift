// How far the first steps of LeNet-5 move the weights of each layer, with tanh and with ReLU.

import Foundation
import Workbook

/// LeNet-5 with tanh and Xavier's weights, and with ReLU and He's: who gets the gradient, and who moves.
struct FirstUpdates: Codable, Sendable {
  var nets: [Net]

  struct Net: Codable, Sendable {
    var isReLU: Bool
    /// The layers, the one next to the image first.
    var layers: [String]
    /// The share of each layer in the sum of the gradients' lengths at the sums, [seed][layer], over the first tenth of an
    /// epoch.
    var shares: [[Double]]
    /// The length of a step over that of the weights, [seed][layer], over the same time.
    var moves: [[Double]]

    func share(_ layer: Int) -> Summary { Summary(shares.map { $0[layer] }) }
    func move(_ layer: Int) -> Summary { Summary(moves.map { $0[layer] }) }
  }

  subscript(isReLU isReLU: Bool) -> Net? { nets.first { $0.isReLU == isReLU } }
}

extension FirstUpdates {
  /// Trains both for an epoch at the session's rate, as the other figures of the first epoch are made.
  init(measuredIn session: Session) throws {
    nets = try [LeNet5.plain, LeNet5(activation: .relu, initializer: .heNormal)].map { net in
      let found = try inParallel(session.seeds.count) {
        place -> (layers: [String], shares: [Double], moves: [Double]) in
        let seed = session.seeds[place]
        var trainer = Trainer(
          try Model(net.layers, input: LeNet5.inputShape, seed: seed), loss: net.loss, optimizer: SGD(),
          schedule: ConstantRate(session.options.rate), batchSize: session.options.batch, seed: seed)
        let (gradients, updates) = (GradientNorms(every: 50), UpdateRatios(every: 10))
        try trainer.train(on: session.digits.train, epochs: 1, observers: [gradients, updates])
        func early(_ times: [Double], _ rows: [[Double]], _ column: Int) -> Double {
          let first = zip(times, rows).filter { $0.0 <= max(0.1, times[0]) }.map { $0.1[column] }
          return rounded(Summary(first).mean, decimals: 6)
        }
        let weights = gradients.names.compactMap { updates.names.firstIndex(of: $0 + ".weight") }
        return (
          gradients.names, gradients.names.indices.map { early(gradients.times, gradients.shares, $0) },
          weights.map { early(updates.times, updates.ratios, $0) }
        )
      }
      return Net(
        isReLU: net.activation == .relu, layers: found[0].layers, shares: found.map(\.shares),
        moves: found.map(\.moves))
    }
  }
}
