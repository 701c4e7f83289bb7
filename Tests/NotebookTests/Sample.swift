// A page with every kind of block, as a chapter would write it.

import Basics
import Foundation

@testable import Notebook

/// What a page printed and was asked, instead of a terminal.
final class Transcript: @unchecked Sendable {
  private let lock = NSLock()
  private var printed = ""
  private var complained = ""
  private var answers: [String]

  init(answers: [String] = []) { self.answers = answers }

  var text: String { lock.withLock { printed } }
  var errors: String { lock.withLock { complained } }

  /// A console of a given width that records.
  func console(columns: Int? = 80, isTerminal: Bool = false, environment: [String: String] = [:]) -> Console {
    Console(
      terminal: Terminal(
        isTerminal: isTerminal, isInteractive: isTerminal, columns: columns, environment: environment),
      write: { text in self.lock.withLock { self.printed += text } },
      writeError: { text in self.lock.withLock { self.complained += text } },
      readLine: { self.lock.withLock { self.answers.isEmpty ? nil : self.answers.removeFirst() } },
      graphics: { .braille(color: isTerminal) })
  }
}

/// A folder of its own for one test, gone afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = NSTemporaryDirectory() + "notebook-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

enum Sample {
  static let names = ["tanh, 0.01", "tanh, 0.05", "tanh, Xavier", "ReLU, Xavier", "ReLU, He"]
  static let spreads: [[Double]] = [
    [0.492, 0.288, 0.178, 0.113, 0.072, 0.046], [0.872, 0.853, 0.849, 0.849, 0.850, 0.850],
    [0.627, 0.486, 0.408, 0.359, 0.324, 0.296], [0.581, 0.408, 0.285, 0.202, 0.140, 0.101],
    [0.825, 0.829, 0.835, 0.834, 0.826, 0.808],
  ]

  static func place(folder: String) -> Place {
    var place = Place()
    place.shelf.name = "ch04-weight-init"
    place.shelf.folder = folder
    place.run.threads = 2
    place.run.data = "synthetic inputs"
    place.run.date = "2026-11-21"
    place.run.versions = ["Swift": "6.3", "gnuplot": "5.4"]
    place.shelf.hasBook = true
    place.shelf.nextCommand = "./workbook check ch04"
    place.shelf.chapters = [
      .init(number: 3, name: "ch03-preprocessing", title: "Before the first layer"),
      .init(number: 4, name: "ch04-weight-init", title: "Why the first weights matter"),
      .init(number: 5, name: "ch05-normalization", title: "Keeping every layer in range"),
    ]
    return place
  }

  // snippet: spreads
  /// The chart of the sample page.
  static func chart() -> LineChart {
    let series = zip(names, spreads).map { name, values in
      Series(name, y: values, isEmphasized: name.contains("Xavier"))
    }
    return LineChart(x: Axis("layer"), y: Axis("standard deviation", log: true), series)
  }
  // snippet.end

  static func page() -> Page {
    var page = Page(
      chapter: 4, "Why the first weights matter",
      lead:
        "A deep network begins as random numbers. Choose their size badly and nothing that follows can repair it: the signal has gone before the first gradient is computed."
    )
    page.prose(
      """
      ## The question

      Every layer multiplies the spread of its input by some constant. What is left of it after six layers, and what must the constant $c$ be?
      """)
    page.sideNote("S2 asks this with `dims = [4096] * 7`; the numbers here use the same sizes.")
    page.predict(
      "tanh units, weights drawn with standard deviation 0.01, 4096 wide. The activations of layer 6 have a standard deviation of about",
      choices: ["1", "0.3", "0.05", "0.0001"], answer: 0.046, "Each layer keeps about $0.01\\sqrt{4096} = 0.64$ of it.")
    page.prose(
      """
      ## The derivation

      For independent, zero-mean weights and inputs, one unit adds up $D_{in}$ terms of *equal* variance, see [He et al. 2015](https://arxiv.org/abs/1502.01852):
      """)
    page.math(
      #"\mathrm{Var}(y_i) = D_{in} \cdot \mathrm{Var}(x) \cdot \mathrm{Var}(w) \quad\Rightarrow\quad \mathrm{Var}(w) = \frac{1}{D_{in}}"#
    )
    page.prose(
      """
      keeps the variance as it is. A ReLU drops half of the signal, so He **doubles** the variance of the weights:

      1. the forward pass keeps its scale,
      2. and so does the backward pass, up to $n_{in}/n_{out}$:
         - which is near 1 in the middle of a net.

      > What matters is the product over all layers.
      """)
    page.math(
      #"\sigma_L^2 = \sigma_0^2 \prod_{l=1}^{L} \frac{n_l}{2} \mathrm{Var}(w_l), \qquad \hat{y} = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}"#
    )
    page.code("spreads", in: "Sample.swift")
    page.prose("## The experiment")
    page.figure(
      Figure(
        "Xavier keeps tanh alive, He keeps ReLU alive", .lines(chart()),
        caption: "What is left of the signal after six layers of 4096 units.", name: "std-by-layer"))
    page.figure(
      Figure(
        "The product decides: one size is right",
        exploring: FigureParameter(
          "standard deviation of the weights", values: [0.005, 0.01, 0.0156, 0.02, 0.05], initial: 2),
        caption: "Spread by layer for a weight scale you choose.", name: "explore"
      ) { scale in
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("standard deviation", log: true, range: 0.001...10),
            [
              Series("measured", y: (1...6).map { pow(scale * 64, Double($0)) })
            ]))
      })
    page.figure(
      Figure(
        "At 0.05 tanh sits at ±1, where its slope is zero",
        .histograms(
          HistogramGrid(
            columns: (1...6).map { "layer \($0)" },
            rows: zip(names, spreads).map { name, values in
              HistogramGrid.Row(
                name, range: -1...1,
                values.map { spread in
                  HistogramGrid.Panel(
                    heights: (0..<40).map { exp(-pow((Double($0) - 19.5) / 20 / spread, 2) / 2) / 10 },
                    title: "σ = \(spread)")
                })
            })),
        caption: "The same in full: large is as dead as small.", name: "histograms", isWide: true))
    page.table(
      Table(
        "Standard deviation of the activations",
        columns: [""] + (1...6).map { Table.Column($0 == 1 ? "layer 1" : "\($0)", digits: 3) },
        rows: zip(names, spreads).map { [.text($0)] + $1.map { .number($0) } }))
    page.callout(
      .erratum("S2"),
      "“0.05 still leaves the gradient at 0” is right, but for the opposite reason: not because activations vanish, but because they *saturate*."
    )
    page.callout(.takeaway, "The first weights decide whether there is anything to learn from.")
    page.claim(
      Claim(
        "Small weights collapse the activations of a tanh net", source: "S2", published: "std → 0",
        measured: "0.046 ± 0.000", seeds: 5, verdict: .reproduced))
    page.claim(
      Claim(
        "Xavier with ReLU loses a factor √2 per layer", source: "He 2015", published: "0.707",
        measured: "0.705 ± 0.003", seeds: 5, verdict: .reproduced))
    page.claim(
      Claim(
        "ReLU is 6 times faster than tanh", source: "S2, S4", published: "6 ×", measured: "1.2 ± 0.3 ×", seeds: 5,
        verdict: .notHere, reason: "Six layers are too few, and the published factor counts epochs of a larger net."))
    page.exercises([
      ExerciseLink(
        id: "4.1", "Fan-in and fan-out", minutes: 5, task: "Returns how many connections a unit has on *either* side.",
        file: "Exercises/ch04/Ex04_1_FanInAndOut.swift", status: .passed),
      ExerciseLink(id: "4.2", "Xavier", minutes: 5, status: .passed),
      ExerciseLink(
        id: "4.3", "He", minutes: 5,
        status: .failed("uses fan-out where fan-in belongs: the std at layer 30 would be 0.02 instead of 0.8")),
      ExerciseLink(id: "4.4", "Predict the spread at depth L", minutes: 15),
    ])
    page.furtherReading([
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*.",
      "He et al. 2015, [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852).",
    ])
    return page
  }
}

/// A run, a place for its page, and how the page is shown.
struct Place {
  var run = RunRecord()
  var shelf = Shelf()
  var presentation = Presentation()

  /// Publishes a page here.
  func publish(_ page: Page, console: Console = Transcript().console()) throws -> String {
    try page.publish(run, on: shelf, as: presentation, console: console)
  }

  /// A page as renderers get it.
  func record(_ page: Page, figures: [RenderedFigure?]) -> PageRecord {
    PageRecord(page: page, run: run, shelf: shelf, presentation: presentation, figures: figures)
  }
}
