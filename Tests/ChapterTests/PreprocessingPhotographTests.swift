// Chapter 3: what its page makes of colour photographs, and of rates that follow the curvature.

import Foundation
import Testing
import Workbook

@testable import ch03_preprocessing

extension PreprocessingPageTests {
  /// Trainings on photographs that end with these errors: raw, channel mean, channel std.
  static func photographs(_ plain: [Double], normalized: [Double]) -> PhotographFindings {
    func rows(_ errors: [Double]) -> [PhotographFindings.Row] {
      zip(PhotographFindings.methods, errors).map { method, error in
        .init(
          method: method, rates: [0.003, 0.01, 0.03], validation: [50, 45, 48], rate: 0.01, loss: near(error / 40),
          error: near(error), curve: [2, 1])
      }
    }
    return PhotographFindings(
      data: "made-up photographs", count: 8_000, validationCount: 2_000, testCount: 10_000, epochs: 4,
      choosing: [101, 102], seeds: seeds, means: [0.5, 0.5, 0.4], deviations: [0.2, 0.2, 0.3],
      curvatures: PhotographFindings.methods.map {
        .init(method: $0, whole: 900, window: $0 == .raw ? 24 : 6, learned: 40, directions: 76, steps: 1_000)
      }, plain: rows(plain), normalized: rows(normalized))
  }

  @Test("photographs: the answer stands in the first lines, in its section and in the takeaway, as the seeds allow")
  func photographs() {
    var findings = Self.findings()
    let without = Preprocessings.page(findings, RunRecord())
    #expect(without.text.contains("How much colour photographs gain is not measured in this run."))
    #expect(!without.figures.contains { $0.name == "photographs" })
    findings.photographs = Self.photographs([48, 44, 43], normalized: [42, 42, 42])
    let page = Preprocessings.page(findings, RunRecord())
    let saved = "saved a convolutional net 4.0 points of error"
    #expect(page.text.components(separatedBy: saved).count == 4, "lead, section, takeaway")
    #expect(page.text.contains("with batch norm it changed nothing beyond chance."))
    #expect(page.figures.contains { $0.name == "photographs" })
    #expect(page.deck.count <= 18)
    #expect(page.deck.map(\.title).contains("On photographs, the means save 4.0 points"))
    #expect(Preprocessings.claims(findings)[1].reason.contains("colour photographs in a net with ReLU"))
    #expect(Preprocessings.claims(findings)[4].reason.contains("on colour photographs"))
    findings.photographs = Self.photographs([43, 43, 43], normalized: [42, 44, 44])
    let none = Preprocessings.page(findings, RunRecord()).text
    #expect(none.contains("changed nothing beyond chance for a convolutional net"))
    #expect(none.contains("with batch norm it cost 2.0 points"))
  }

  @Test("the best rates times λmax are told where they agree, and not where they do not")
  func rates() {
    var findings = Self.findings()
    func row(_ method: Method, _ largest: Double, onWhite isWhite: Bool = false) -> Spectrum {
      Spectrum(
        method: method, isWhite: isWhite,
        values: [largest] + [Double](repeating: 0.1, count: SpectrumFindings.ranks(of: 785).count - 1), learned: 300,
        left: 0.1)
    }
    func text(_ channel: Double) -> String {
      findings.spectrum = SpectrumFindings(
        steps: 75, still: 67,
        rows: [row(.meanImage, 5), row(.channelMean, channel), row(.raw, 40), row(.raw, 60, onWhite: true)])
      return Preprocessings.page(findings, RunRecord()).text
    }
    #expect(text(30).contains("The best rates follow, too. In the three preparations"))
    #expect(!text(600).contains("The best rates follow"))
  }
}
