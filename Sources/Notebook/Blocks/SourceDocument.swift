// The documents whose claims the workbook tests, and their short names.

import Basics

/// A document that the workbook tests; pages refer to it by its short name.
public struct SourceDocument: Sendable, Equatable {
  /// `S2`.
  public let key: String
  /// A description of the document.
  public let title: String

  /// The five documents, in the order of their numbers.
  public static let all = [
    SourceDocument(
      key: "S0",
      title: "*Understanding and Improving Convolutional Neural Networks*, a report in Korean on a LeNet-5 written in "
        + "C++; its program: [SimpleNN](https://github.com/stnamjef/SimpleNN)"),
    SourceDocument(
      key: "S1",
      title: "*Advanced convolutional networks*, a study group's slides in Korean on the models from LeNet to SENet"),
    SourceDocument(
      key: "S2",
      title: "*Training Neural Networks, Part 1*, notes in Korean on lecture 7 of Stanford's course CS231n, 2019"),
    SourceDocument(
      key: "S3",
      title: "*Batch normalization, CNN*, a student's report in Korean on the paper of Ioffe and Szegedy 2015"),
    SourceDocument(key: "S4", title: "*Deep Neural Networks*, an introduction in Korean from a blog, 2021"),
  ]

  /// An introduction to the numbers and short names of a page, in Markdown; empty for a page without claims.
  static func guide(_ claims: [Claim], or text: String = "") -> String {
    if claims.isEmpty { return "" }
    let keys = named(in: claims, or: text).map(\.key)
    let documents =
      keys.isEmpty
      ? ""
      : " \(listed(keys)) \(keys.count == 1 ? "is a Korean study text" : "are Korean study texts") whose statements are tested; "
        + "see below the claims."
    let record =
      claims.contains { $0.other != nil } || text.lowercased().contains("recorded")
      ? " *This run* is the one just made; the *recorded* run is a longer one that comes with the program."
      : ""
    return "Numbers: *a* ± *b* is the mean over several seeds and their standard deviation; a seed fixes everything "
      + "random in a run. A 95 % interval contains the true mean in 95 of 100 such experiments."
      + record + documents
  }

  /// The documents named in a text: `S2, S4`.
  static func named(in text: String) -> [SourceDocument] {
    let words = Set(text.split { !($0.isLetter || $0.isNumber) }.map(String.init))
    return all.filter { words.contains($0.key) }
  }

  /// The documents named in any of the claims or in a text.
  static func named(in claims: [Claim], or text: String = "") -> [SourceDocument] {
    named(in: ([text] + claims.map(\.source)).joined(separator: " "))
  }
}
