// Exercise 8.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex08_4 = Exercise<any Ex08_4.Type>(
    .ex08_4, section: "Counting mistakes: top-1 and top-5", difficulty: .easy,
    hints: [
      "Nothing has to be sorted: how many classes rank above the right one?",
      "The classes above the right one have a larger score, or an equal score and a smaller number. The "
        + "sample is missed if there are k or more of them.",
      "`let ahead = row.indices.filter { row[$0] > row[label] || (row[$0] == row[label] && $0 < label) }.count`, and a "
        + "miss is `ahead >= k`.",
    ],
    cases: [
      top([0.2, 0.5, 0.3], 3, [2], 1, "topError(scores: [[0.2, 0.5, 0.3]], labels: [2], k: 1)", "second, not first"),
      top(
        [0.2, 0.5, 0.3], 3, [2], 2, "topError(scores: [[0.2, 0.5, 0.3]], labels: [2], k: 2)", "second of two guesses"),
      top(
        [0.2, 0.5, 0.3, 0.7, 0.1, 0.2, 0.1, 0.2, 0.7, 0.4, 0.35, 0.25], 3, [1, 0, 0, 2], 1,
        "topError(scores: [4, 3], labels: [1, 0, 0, 2], k: 1)", "two of four are wrong", look: "The result is a ratio."
      ),
      top(
        [-3, -1, -2, -1, -3, -2], 3, [2, 1], 2, "topError(scores: [[−3, −1, −2], [−1, −3, −2]], labels: [2, 1], k: 2)",
        "logits below 0", look: "The largest of negative scores is the one nearest to 0."),
      top(
        [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25], 4, [0, 3], 1,
        "topError(scores: [2, 4], all 0.25, labels: [0, 3], k: 1)", "equal scores",
        look: "Among equal scores, the class with the smaller number ranks first."),
      top(
        [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25], 4, [1, 2], 2,
        "topError(scores: [2, 4], all 0.25, labels: [1, 2], k: 2)", "equal scores, two guesses"),
      top(
        (0..<60).map { Float(($0 * 37) % 61) / 61 }, 10, [3, 9, 0, 5, 5, 1], 5,
        "topError(scores: [6, 10], labels: [3, 9, 0, 5, 5, 1], k: 5)", "six samples of ten classes"),
      top(
        (0..<60).map { Float(($0 * 23) % 61) / 61 }, 10, [7, 2, 8, 1, 0, 4], 10,
        "topError(scores: [6, 10], labels: [7, 2, 8, 1, 0, 4], k: 10)", "as many guesses as classes"),
    ],
    mutants: [
      Mutant(
        "returns the accuracy instead of the error",
        effect: "A network that improves seems to get worse; early stopping then keeps the worst epoch.",
        Accuracy.self),
      Mutant(
        "counts the misses instead of their fraction",
        effect: "The number depends on the size of the test set and cannot be compared.", Count.self),
      Mutant(
        "allows one guess too many",
        effect: "The top-1 error is really the top-2 error: far too good.", OneMore.self),
      Mutant(
        "uses the k smallest scores",
        effect: "The error is near 1 for a good network, and falls as the network gets worse.", Smallest.self),
      Mutant(
        "lets the right class win every tie",
        effect: "A network with equal scores for all classes, or with NaN only, has an error of 0.", Optimist.self),
      Mutant(
        "lets the right class lose every tie",
        effect: "After rounding to 8 bits, equal scores are common, and the error rises abruptly.", Pessimist.self),
    ])
}

private func top(
  _ scores: [Float], _ classes: Int, _ labels: [Int], _ k: Int, _ call: String, _ about: String, look: String = ""
) -> Case<any Ex08_4.Type> {
  let scores = Tensor([labels.count, classes], scores)
  return Case(call, about, look: look, tolerance: 1e-9, gives: reference(scores, labels, k)) {
    try $0.topError(scores: scores, labels: labels, k: k)
  }
}

private func rows(_ scores: Tensor) -> [[Float]] {
  let width = scores.shape[1]
  return (0..<scores.shape[0]).map { Array(scores.elements[$0 * width..<($0 + 1) * width]) }
}

/// The reference: by sorting, a different method from the solution's.
private func reference(_ scores: Tensor, _ labels: [Int], _ k: Int) -> Double {
  let missed = zip(rows(scores), labels).count { row, label in
    let order = row.indices.sorted { row[$0] == row[$1] ? $0 < $1 : row[$0] > row[$1] }
    return !order.prefix(k).contains(label)
  }
  return Double(missed) / Double(labels.count)
}

/// The fraction of samples with k or more classes ahead of the right one.
private func share(_ scores: Tensor, _ labels: [Int], _ k: Int, ahead: (_ row: [Float], _ label: Int) -> Int) -> Double
{
  Double(zip(rows(scores), labels).count { ahead($0, $1) >= k }) / Double(labels.count)
}

private enum Accuracy: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) -> Double { 1 - reference(scores, labels, k) }
}

private enum Count: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) -> Double {
    reference(scores, labels, k) * Double(labels.count)
  }
}

private enum OneMore: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) -> Double { reference(scores, labels, k + 1) }
}

private enum Smallest: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) -> Double {
    share(scores, labels, k) { row, label in
      row.indices.count { row[$0] < row[label] || (row[$0] == row[label] && $0 < label) }
    }
  }
}

private enum Optimist: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) -> Double {
    share(scores, labels, k) { row, label in row.count { $0 > row[label] } }
  }
}

private enum Pessimist: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) -> Double {
    share(scores, labels, k) { row, label in row.count { $0 >= row[label] } - 1 }
  }
}
