// The nets of the first table trained once more: which test images they misread, and a look into one of them.

import Foundation
import Workbook

/// Which test images the nets of the first table misread: so that other images, too, can be reckoned with.
struct MisreadImages: Codable, Sendable {
  var nets: [Net] = []

  struct Net: Codable, Sendable {
    var net: Steps.Net
    /// The places of the images in the test set, for each seed.
    var wrong: [[Int]]
  }

  subscript(net: Steps.Net) -> Net? { nets.first { $0.net == net } }
}

extension MisreadImages {
  /// Trains each net that is missing with the seeds and the rate of the first table.
  ///
  /// - Parameter keep: is called after each net.
  static func measure(
    into found: inout VariantFindings, in session: Session, until deadline: Date, keep: (VariantFindings) throws -> Void
  ) throws {
    for net in [Steps.Net.modern, .normed] where Date() < deadline {
      var misread = found.misread ?? MisreadImages()
      guard misread[net] == nil, let row = found.steps?[net] else { continue }
      // The spread over images is known from two seeds well enough.
      let wrong = try inParallel(min(2, row.runs.count)) { place -> [Int] in
        let seed = row.runs[place].seed
        // The weights of one run are kept.
        let kept = net == .normed && place == 0 ? LeNet.recordedModel() : nil
        let found =
          try kept.map { evaluate($0, on: session.digits.test, loss: net.recipe.net.loss) }
          ?? Worth.again(net, row, seed: seed, in: session).evaluation
        printError("\(net.name), seed \(seed): \(fixed(100 * found.error, 2)) %")
        return found.truths.indices.filter { found.truths[$0] != found.predictions[$0] }
      }
      misread.nets.append(Net(net: net, wrong: wrong))
      found.misread = misread
      try keep(found)
    }
  }
}

extension Worth {
  /// A run of the first table once more.
  ///
  /// - Throws: `DataError` where its error is not that of the record.
  fileprivate static func again(
    _ net: Steps.Net, _ row: Steps.Row, seed: UInt64, in session: Session
  ) throws -> TrainedRun {
    let run = try net.recipe.trained(
      as: Variant(net.name, net.recipe.net, color: net.color), rate: Float(row.rate), seed: seed,
      epochs: session.epochs, in: session, testsEachEpoch: false)
    let (error, known) = (100 * run.evaluation.error, row.runs.first { $0.seed == seed }?.finalError ?? .nan)
    guard abs(error - known) < 1e-6 else {
      throw DataError(
        "\(net.name), seed \(seed)", expected: "the recorded error, \(known) %", found: "\(error) %",
        advice: "measure the first table anew")
    }
    return run
  }

  /// A look into the first seed of the net of the first listing; its weights go where `--save` says.
  static func lookIntoListed(_ found: VariantFindings, in session: Session) throws -> BestRun? {
    guard let row = found.steps?[.normed] else { return nil }
    let run = try again(.normed, row, seed: session.seeds[0], in: session)
    if let file = session.options.save { try JournalError.keeping(at: file) { try run.model.save(to: file) } }
    return BestRun(run, in: session.digits.test)
  }
}
