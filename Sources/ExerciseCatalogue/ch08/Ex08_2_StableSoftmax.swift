// Exercise 8.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex08_2 = Exercise<any Ex08_2.Type>(
    .ex08_2, section: "One of many: softmax", difficulty: .medium,
    hints: [
      "What happens to the fraction if the same number is subtracted from every score of a row?",
      "Subtract the largest score of each row before taking exponentials. In log-sum-exp, add it back "
        + "at the "
        + "end: ln Σ exp(z) = m + ln Σ exp(z − m).",
      "For each row: `let largest = row.max() ?? 0`, `let e = row.map { exp($0 - largest) }`, and divide by the sum "
        + "of e; "
        + "the other result is `largest + log(sum)`.",
    ],
    cases: [
      both([1, 2], [0, 0], "softmax and logSumExp of [[0, 0]]", "halves, and ln 2"),
      both([1, 3], [1, 2, 3], "softmax and logSumExp of [[1, 2, 3]]", ""),
      both(
        [1, 3], [101, 102, 103], "softmax and logSumExp of [[101, 102, 103]]", "exp(101) is infinite in Float",
        look: "Subtract something from all scores first."),
      both(
        [1, 2], [-200, -201], "softmax and logSumExp of [[−200, −201]]", "exp(−200) is 0 in Float",
        look: "With the largest score shifted to 0, the sum is at least 1."),
      both(
        [1, 4], [-300, 0, 0, 60], "softmax and logSumExp of [[−300, 0, 0, 60]]", "scores far apart",
        look: "Subtracting the mean is not enough: only the largest score is safe."),
      both(
        [2, 2], [1000, 1001, -1000, -1002], "softmax and logSumExp of [[1000, 1001], [−1000, −1002]]",
        "each row has its own range", look: "Take the largest of the row, not of the batch."),
      both(
        [3, 4], [0.2, -1.3, 2.4, 0.5, 3.1, 1.7, -0.8, 0.9, -2.2, 0.4, 0.6, -1.1], "softmax and logSumExp of [3, 4]",
        "three samples of four classes", look: "Each row adds up to 1."),
    ],
    mutants: [
      Mutant(
        "takes exponentials of the raw scores",
        effect: "A single logit above 88.7 makes the loss NaN; one step later all weights are NaN.", Naive.self),
      Mutant(
        "subtracts the mean of a row instead of its largest score",
        effect: "It works until a network is very confident of one class: then that class overflows.", MeanShift.self),
      Mutant(
        "subtracts the largest score of the whole batch",
        effect: "A sample with small scores becomes 0/0 if another sample in its batch has large ones.",
        BatchShift.self),
      Mutant(
        "divides by the sum over the whole batch",
        effect: "The probabilities of a sample no longer add up to 1; the larger the batch, the smaller they are.",
        WholeBatch.self),
      Mutant(
        "computes along the columns instead of the rows",
        effect: "Samples compete with each other for a class, and in a batch of one every probability is 1.",
        Columns.self),
      Mutant(
        "does not add the largest score back to the logarithm",
        effect: "The loss comes out too small by the largest logit, and can be negative.", NotAddedBack.self),
    ])
}

private func both(
  _ shape: Shape, _ logits: [Float], _ call: String, _ about: String, look: String = ""
) -> Case<any Ex08_2.Type> {
  let (rows, z) = (Examples08.rows(logits, shape), Tensor(shape, logits))
  return Case(
    call, about, look: look, tolerance: 1e-5,
    gives: Outcome(
      ("softmax", Tensor(shape, rows.flatMap { Examples08.softmax($0) }.map(Float.init))),
      ("logSumExp", rows.map { Float(Examples08.logSumExp($0)) }))
  ) { Outcome(("softmax", try $0.softmax(z)), ("logSumExp", try $0.logSumExp(z))) }
}

/// References in double precision, where nothing overflows for these cases.
enum Examples08 {
  static func rows(_ values: [Float], _ shape: Shape) -> [[Double]] {
    (0..<shape[0]).map { n in values[n * shape[1]..<(n + 1) * shape[1]].map(Double.init) }
  }

  static func logSumExp(_ z: [Double]) -> Double {
    let largest = z.max() ?? 0
    return largest + log(z.reduce(0) { $0 + exp($1 - largest) })
  }

  static func softmax(_ z: [Double]) -> [Double] {
    let logSum = logSumExp(z)
    return z.map { exp($0 - logSum) }
  }
}

/// Converts between a tensor and its rows, in Float.
private func floats(_ logits: Tensor) -> [[Float]] {
  let width = logits.shape[1]
  return (0..<logits.shape[0]).map { Array(logits.elements[$0 * width..<($0 + 1) * width]) }
}

private func shifted(_ logits: Tensor, _ shift: ([Float]) -> Float) -> Tensor {
  Tensor(
    logits.shape,
    floats(logits).flatMap { row in
      let e = row.map { exp($0 - shift(row)) }
      let sum = e.reduce(0, +)
      return e.map { $0 / sum }
    })
}

private func logs(_ logits: Tensor, _ shift: ([Float]) -> Float) -> [Float] {
  floats(logits).map { row in shift(row) + log(row.map { exp($0 - shift(row)) }.reduce(0, +)) }
}

private func largest(_ row: [Float]) -> Float { row.max() ?? 0 }

private enum Naive: Ex08_2 {
  static func softmax(_ logits: Tensor) -> Tensor { shifted(logits) { _ in 0 } }
  static func logSumExp(_ logits: Tensor) -> [Float] { logs(logits) { _ in 0 } }
}

private enum MeanShift: Ex08_2 {
  private static func mean(_ row: [Float]) -> Float { row.reduce(0, +) / Float(row.count) }
  static func softmax(_ logits: Tensor) -> Tensor { shifted(logits, mean) }
  static func logSumExp(_ logits: Tensor) -> [Float] { logs(logits, mean) }
}

private enum BatchShift: Ex08_2 {
  static func softmax(_ logits: Tensor) -> Tensor { shifted(logits) { _ in largest(logits.elements) } }
  static func logSumExp(_ logits: Tensor) -> [Float] { logs(logits) { _ in largest(logits.elements) } }
}

private enum WholeBatch: Ex08_2 {
  static func softmax(_ logits: Tensor) -> Tensor {
    let e = floats(logits).flatMap { row in row.map { exp($0 - largest(row)) } }
    let sum = e.reduce(0, +)
    return Tensor(logits.shape, e.map { $0 / sum })
  }
  static func logSumExp(_ logits: Tensor) -> [Float] { logs(logits, largest) }
}

private enum Columns: Ex08_2 {
  static func softmax(_ logits: Tensor) -> Tensor {
    let rows = floats(logits)
    var result = rows
    for j in rows[0].indices {
      let column = rows.map { $0[j] }
      let e = column.map { exp($0 - largest(column)) }
      for n in rows.indices { result[n][j] = e[n] / e.reduce(0, +) }
    }
    return Tensor(logits.shape, result.flatMap { $0 })
  }
  static func logSumExp(_ logits: Tensor) -> [Float] { logs(logits, largest) }
}

private enum NotAddedBack: Ex08_2 {
  static func softmax(_ logits: Tensor) -> Tensor { shifted(logits, largest) }
  static func logSumExp(_ logits: Tensor) -> [Float] {
    floats(logits).map { row in log(row.map { exp($0 - largest(row)) }.reduce(0, +)) }
  }
}
