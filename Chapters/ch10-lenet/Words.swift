// Sentences that depend on what came out.

import Workbook

extension LeNet {
  /// The most frequent confusion, in a sentence.
  static func confusionFinding(_ confusion: [[Int]]) -> String {
    var (most, pair) = (0, (0, 0))
    for (row, counts) in confusion.enumerated() {
      for (column, count) in counts.enumerated() where row != column && count > most {
        (most, pair) = (count, (row, column))
      }
    }
    if most == 0 { return "Not one mistake" }
    return "Most often a \(pair.0) is taken for a \(pair.1): \(most) \(most == 1 ? "time" : "times")"
  }

  /// The order of the three rows of S0's table with either derivative, as a list.
  static func orderUnderBoth(_ results: [VariantResults]) -> String {
    func rows(without name: String) -> [String] {
      results.filter { $0.name != name }.sorted { $0.finalError.mean < $1.finalError.mean }
        .map { $0.name == "LeNet-5, published σ′" ? "LeNet-5" : $0.name }
    }
    let (correct, published) = (rows(without: "LeNet-5, published σ′"), rows(without: "LeNet-5"))
    guard correct.count == 3, published.count == 3 else { return "" }
    func list(_ names: [String]) -> String { names.joined(separator: ", ") }
    let source = ["LeNet-5++", "LeNet-5+", "LeNet-5"]
    return """
      \(correct == published ? "The" : "The mistake changes the order of the") three rows here, best first:

      - with the right derivative: \(list(correct))
      - with the published one: \(list(published))
      - published by S0, with the mistake: \(list(source))\(published == source ? "" : ". Its own row of LeNet-5, 1.06 ± 0.04 %, is not so low as here; what else differs we do not know")
      """
  }

  /// What the rows of the table say together.
  static func takeaway(_ results: [VariantResults]) -> String {
    func error(_ name: String) -> Summary? { results.first { $0.name == name }?.finalError }
    guard let plain = error("LeNet-5"), let published = error("LeNet-5, published σ′"), let plus = error("LeNet-5+"),
      let plusPlus = error("LeNet-5++")
    else { return "Train all variants side by side to see what each change is worth: leave `--model` out." }
    func verb(_ from: Summary, _ to: Summary) -> String { to.mean < from.mean ? "lower" : "raise" }
    return """
      The convolutions are the same in every row; what changes is how well the gradient gets through.

      - A correction that does not vanish near 0 and is larger everywhere \(verb(plain, published))s the error from \
      \(plain) to \(published) %, tanh and squared error staying as they are.
      - ReLU, cross-entropy and smaller first weights together \(verb(plain, plus)) it from \(plain) to \(plus) %. \
      \(published.mean <= plus.mean
        ? "That is no better than the wrong derivative did alone: tanh was not what held LeNet-5 back."
        : "Which of the three earns it, this table does not say; chapters 2, 4 and 8 try them one at a time.")
      - Batch normalization on top \(verb(plus, plusPlus))s it from \(plus) to \(plusPlus) %.
      """
  }
}
