// A net of the first table trained once more, for a look into it.

import Foundation
import Workbook

extension Worth {
  /// A look into the first seed of the net of the first listing; its weights go where `--save` says.
  ///
  /// - Throws: `DataError` where its error is not that of the record.
  static func lookIntoListed(_ found: VariantFindings, in session: Session) throws -> BestRun? {
    guard let row = found.steps?[.normed] else { return nil }
    let (net, seed) = (row.net, session.seeds[0])
    let run = try net.recipe.trained(
      as: Variant(net.name, net.recipe.net, color: net.color), rate: Float(row.rate), seed: seed,
      epochs: session.epochs, in: session, testsEachEpoch: false)
    let (error, known) = (100 * run.evaluation.error, row.runs.first { $0.seed == seed }?.finalError ?? .nan)
    guard abs(error - known) < 1e-6 else {
      throw DataError(
        "\(net.name), seed \(seed)", expected: "the recorded error, \(known) %", found: "\(error) %",
        advice: "measure the first table anew")
    }
    if let file = session.options.save { try JournalError.keeping(at: file) { try run.model.save(to: file) } }
    return BestRun(run, in: session.digits.test)
  }
}
