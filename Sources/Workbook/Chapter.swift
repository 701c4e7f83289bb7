// The eleven chapters of the curriculum: number, title, question, and reading time.

/// An entry of the table of contents.
public struct Chapter: Sendable, Hashable, Identifiable {
  /// The number, from 1 to 11; the exercises of chapter 4 are numbered 4.1, 4.2, ….
  public let number: Int
  /// The name of the executable and of its folder in `Chapters`: `ch04-weight-init`.
  public let name: String
  /// The heading of the page.
  public let title: String
  /// The question that the chapter answers, in one sentence.
  public let question: String
  /// The minutes for reading and one default run, without the exercises.
  public let minutes: Int

  public var id: Int { number }

  /// Creates an entry for a chapter that is not in the curriculum.
  public init(number: Int, name: String, title: String, question: String = "", minutes: Int = 20) {
    self.number = number
    self.name = name
    self.title = title
    self.question = question
    self.minutes = minutes
  }

  /// Creates the entry of a chapter from the name of its folder: `ch12-my-idea` becomes 12, "My idea".
  ///
  /// - Returns: nil if the name does not have the form `chNN-words`.
  init?(folder name: String) {
    guard let match = name.wholeMatch(of: #/ch([0-9]{2})-([a-z0-9-]+)/#), let number = Int(match.1) else { return nil }
    let words = match.2.replacing("-", with: " ")
    self.init(number: number, name: name, title: capitalized(words))
  }

  /// `ch04`: the folder of the chapter's exercises.
  public var shortName: String { String(name.prefix(4)) }

  /// All chapters of the curriculum in reading order; `Checkout.chapters` has those in this checkout, and any others.
  public static let all: [Chapter] = [
    Chapter(
      number: 1, name: "ch01-gradient-descent", title: "Walking downhill",
      question: "How does a network know which way to change its weights, and how far?", minutes: 35),
    Chapter(
      number: 2, name: "ch02-activations", title: "What bends the line",
      question: "Why did ReLU replace the sigmoid, and what did it cost?", minutes: 35),
    Chapter(
      number: 3, name: "ch03-preprocessing", title: "Before the first layer",
      question: "What does subtracting a mean do for a descent?", minutes: 25),
    Chapter(
      number: 4, name: "ch04-weight-init", title: "Why the first weights matter",
      question: "If every layer multiplies the variance by a constant, what is left after twenty?", minutes: 30),
    Chapter(
      number: 5, name: "ch05-normalization", title: "Keeping every layer in range",
      question: "Why does normalizing activations let a network learn faster?", minutes: 40),
    Chapter(
      number: 6, name: "ch06-dropout", title: "Learning with half the units missing",
      question: "Why would one throw away activations that were just computed?", minutes: 25),
    Chapter(
      number: 7, name: "ch07-regularization", title: "Less fit, better guess",
      question: "Which restraint helps on data never seen, and which hurts?", minutes: 35),
    Chapter(
      number: 8, name: "ch08-losses", title: "What counts as wrong",
      question: "Why does a badly wrong neuron learn slowly with one loss and fast with another?", minutes: 25),
    Chapter(
      number: 9, name: "ch09-convolution", title: "The sliding window",
      question: "What goes into each layer, what comes out, and what does it cost?", minutes: 40),
    Chapter(
      number: 10, name: "ch10-lenet", title: "LeNet-5, then and now",
      question: "How much of LeNet's error do thirty years of ideas remove?", minutes: 45),
    Chapter(
      number: 11, name: "ch11-deeper-networks", title: "Deeper",
      question: "Why does a deeper network train worse, until an addition is put into it?", minutes: 40),
  ]

  /// Returns chapter `number` of the curriculum, or `nil` outside 1…11.
  public static func number(_ number: Int) -> Chapter? { all.first { $0.number == number } }
}
