// The race of tanh and ReLU at several finish lines, seed by seed: a part that is added to the record.

import Workbook

/// The first step at which a run's smoothed loss is at a line or below it.
struct FinishLines: Codable, Sendable {
  var losses: [Double]
  /// [line][seed]; nil where a run ended above the line.
  var tanh: [[Int?]]
  var relu: [[Int?]]

  /// From easy to hard.
  static let losses = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.13, Activations.lowTarget]

  /// How many times ReLU's steps tanh needs to a line, seed by seed, where both came down to it.
  func ratio(_ line: Int) -> Summary {
    Summary(
      zip(tanh[line], relu[line]).compactMap { tanh, relu in
        tanh.flatMap { tanh in relu.map { Double(tanh) / Double($0) } }
      })
  }
  /// The steps of each that came down to a line.
  func steps(_ line: Int) -> (tanh: Summary, relu: Summary) {
    (Summary(tanh[line].compactMap { $0.map { Double($0) } }), Summary(relu[line].compactMap { $0.map { Double($0) } }))
  }
}

extension FinishLines {
  /// Races tanh and ReLU at one rate each, down to the lowest line.
  init(
    tanh: Float, relu: Float, limit: Int, on data: Dataset, seeds: [UInt64], ticker: Ticker? = nil
  ) throws {
    let lines = Self.losses
    let runs = try inParallel(2 * seeds.count) { index in
      defer { ticker?.tick() }
      let isReLU = index >= seeds.count
      let losses = try race(
        isReLU ? .relu : .tanh, rate: isReLU ? relu : tanh, target: lines[lines.count - 1], limit: limit, on: data,
        seed: seeds[index % seeds.count]
      ).losses
      return lines.map { line in losses.indices.first { $0 >= 9 && losses[$0] <= line }.map { $0 + 1 } }
    }
    self.init(
      losses: lines, tanh: lines.indices.map { line in runs[..<seeds.count].map { $0[line] } },
      relu: lines.indices.map { line in runs[seeds.count...].map { $0[line] } })
  }
}

extension Activations.Findings {
  /// How many times ReLU's steps tanh needs to the lowest loss; nil where the race was not run so far.
  var hardRatio: Summary? {
    lines.map { $0.ratio($0.losses.count - 1) } ?? longRace.flatMap { $0.converged ? $0.ratio : nil }
  }
}
