// The rows of S0's table trained by another framework: the output of Tests/Peers/lenet_training.py is kept beside it.

import Foundation
import Workbook

/// Test errors of S0's rows in PyTorch, in percent after the last epoch.
struct PeerRows {
  /// For the names of ``VariantResults``, one error for each seed.
  var errors: [String: Summary]

  private static let names = [
    "lenet5": "LeNet-5", "lenet5-published": "LeNet-5, published σ′", "lenet5plus": "LeNet-5+",
    "lenet5plusplus": "LeNet-5++",
  ]

  /// Reads lines `NAME SEED ERROR ERROR …`, an error for each epoch; rows that were not trained as long are left out.
  init(_ text: String, epochs: Int) {
    var found: [String: [Double]] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2 + epochs, let name = Self.names[String(words[0])], let error = Double(words[1 + epochs])
      else { continue }
      found[name, default: []].append(error)
    }
    errors = found.mapValues { Summary($0) }
  }

  /// Those that come with the program; nil for findings on other data or of another size.
  init?(beside findings: VariantFindings) {
    let file = Checkout.root.appendingPathComponent("Tests/Peers/lenet_training.txt")
    guard findings.data == "MNIST", findings.hasPublishedSize, let text = try? String(contentsOf: file, encoding: .utf8)
    else { return nil }
    self.init(text, epochs: findings.epochs)
    if errors.isEmpty { return nil }
  }

  /// How far the mean of a row is from PyTorch's, in points.
  func distance(of row: VariantResults) -> Double? { errors[row.name].map { row.finalError.mean - $0.mean } }
}
