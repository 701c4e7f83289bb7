// The decks of the chapters, drawn from their recorded full runs: readable titles, and not too many slides.

import Foundation
import Notebook
import Testing
import Workbook

@testable import ch01_gradient_descent
@testable import ch02_activations
@testable import ch03_preprocessing
@testable import ch04_weight_init
@testable import ch05_normalization
@testable import ch06_dropout
@testable import ch07_regularization
@testable import ch08_losses
@testable import ch09_convolution
@testable import ch10_lenet
@testable import ch11_deeper_networks

@Suite("Decks")
struct ChapterDeckTests {
  private static var programs: [any ChapterProgram.Type] {
    [
      GradientDescent.self, Activations.self, Preprocessings.self, WeightInit.self, Norms.self, Dropouts.self,
      Regularization.self, Losses.self, SlidingWindow.self, LeNet.self, DeeperNetworks.self,
    ]
  }

  /// The marks of a chapter's page, drawn from its recorded run; nil if none is recorded.
  private static func deck<Program: ChapterProgram>(of _: Program.Type) -> [Notebook.Slide]? {
    KeptFindings<Program.Findings>(recordedOf: Program.chapter).map { Program.page($0.findings, $0.run).deck }
  }

  @Test("titles have at most 60 characters, and a marked deck has 12 to 18 slides with its title", arguments: 1...11)
  func readable(number: Int) throws {
    let program = try #require(Self.programs.first { $0.number == number })
    guard let deck = Self.deck(of: program), !deck.isEmpty else { return }
    let long = deck.filter { !$0.isShort }.map(\.title)
    #expect(long.isEmpty)
    #expect((11...17).contains(deck.count))
  }
}
