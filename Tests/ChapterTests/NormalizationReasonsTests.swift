// Chapter 5: the page where depth and the dispute on the five-layer net have been measured.

import Testing
import Workbook

@testable import ch05_normalization

@Suite("Chapter 5: depth and reasons")
struct NormalizationReasonsTests {
  @Test("half of the lead from the mean is told as the answer; where a part gives more or less, nothing is decided")
  func parts() {
    func near(_ value: Double) -> Summary { Summary([0, 0.1, 0.2].map { value + $0 }) }
    func page(mean: Double, layer: Double, places: [Double] = []) -> Page {
      var findings = NormalizationPageTests.findings()
      // No norm makes 10 % errors at its best rate of 0.1, batch norm 6 % at 1.
      findings.sweeps.rates = [
        NormalizationPageTests.sweep([0.01, 0.1, 1], [20, 10, 90]),
        NormalizationPageTests.sweep([0.01, 0.1, 1], [15, 7, 6]),
      ]
      findings.halves = HalvesFindings(
        nets: zip(HalvesFindings.Way.allCases, [mean, 10, layer]).map {
          .init(way: $0, rate: 0.1, errors: Summary(near($1).values))
        }, stretch: 50, seeds: 3,
        curves: [
          .init(norm: .none, rate: 0.1, losses: [2, 0.8], keptLosses: [2, 1]),
          .init(norm: .batch, rate: 0.1, losses: [2, 1], keptLosses: [2, 1]),
          .init(norm: .batch, rate: 1, losses: [1.5, 0.9], keptLosses: [1.5, 0.5]),
        ])
      if !places.isEmpty {
        findings.halves?.places = zip(HalvesFindings.Place.allCases, places).map {
          .init(place: $0, rate: 0.1, errors: Summary(near($1).values))
        }
      }
      return Norms.page(findings, RunRecord())
    }
    let half = page(mean: 8, layer: 10)
    #expect(half.text.contains("the loss on new images falls faster with batch norm"))
    #expect(half.text.contains("At the end it is 0.90 with batch norm and 0.80 without"))
    #expect(half.predictions.contains { $0.answer == "only the mean subtracted" })
    #expect(
      half.text.contains(
        "Subtracting only the mean gives 2.0 of the 4.0 points. Dividing only by the deviation gives nothing beyond chance"
      ))
    #expect(half.text.contains("the mean alone gives 2.0 points and both together 3.0; only at 1 it is 4.0"))
    #expect(half.text.contains("In our net half of the lead comes from subtracting the mean"))
    #expect(half.deck.contains { $0.title == "Half of the lead comes from subtracting the mean" })
    #expect(half.text.contains("The two were not separated"))
    let both = page(mean: 8, layer: 10, places: [9, 8.5])
    #expect(both.text.contains("each pixel centred for itself saves 1.0 points"))
    #expect(both.text.contains("in all layers but the first saves 1.5 points"))
    #expect(both.text.contains("The mean alone, subtracted on centred pixels, gave 1.0 of 3.0 points"))
    #expect(both.text.contains("3.0 points fewer errors than without a norm on equally centred pixels"))
    #expect(both.text.contains("Try about 10 times the learning rate."))
    let units = page(mean: 8, layer: 10, places: [10, 8.5])
    #expect(units.text.contains("each pixel centred for itself saves nothing beyond chance"))
    #expect(units.text.contains("What helps is the mean over the batch"))
    let other = page(mean: 8, layer: 7)
    #expect(other.text.contains("and layer norm gives 3.0 of the 4.0 points"))
    #expect(!other.text.contains("What helps is the mean over the batch"))
    #expect(other.text.contains("Whether that is why batch norm helps is disputed"))
  }

  @Test("nets of growing depth: where only a norm helps from too small weights, and where it is behind from He's")
  func depths() {
    func net(_ errors: [Double], ratio: Double = 1) -> DepthFindings.Net {
      .init(
        errors: errors.map { error in Summary([0, 0.1, 0.2].map { error + $0 }) },
        validation: errors.map { Summary([$0]) }, difference: Summary([0.3]), gradientRatio: Summary([ratio]))
    }
    /// Errors at 40 layers, without a norm and with, from He's weights and from smaller ones.
    func found(_ he: (Double, Double), _ small: (Double, Double)?) -> DepthFindings {
      DepthFindings(
        trainingCount: 2_000, epochs: 2, seeds: 3, depths: [5, 40], rates: [0.01, 0.1],
        nets: [[net([6, 8]), net([90, he.0])], [net([7, 5]), net([he.1, 90], ratio: 1_100)]],
        fromDefault: small.map { [[net([6, 8]), net([90, $0.0])], [net([7, 5]), net([$0.1, 90])]] })
    }
    let he = found((37, 70), nil)
    #expect(he.ahead == [5] && he.behind == [40])
    #expect(Norms.depthTitle(he) == "From He's weights batch norm is behind in nets of 40 layers")
    #expect(Norms.depthTitle(found((70, 37), nil)) == "From He's weights batch norm is ahead at 5 and 40 layers")
    let both = found((37, 70), (88, 20))
    #expect(
      Norms.depthTitle(both)
        == "From too small weights nets of 40 layers learn with batch norm only; from He's, 40 layers learn faster without"
    )
    #expect(found((37, 70), (88, 60)).plainFailsFrom == 40 && found((37, 70), (88, 60)).normLearnsTo == 5)
    var findings = NormalizationPageTests.findings()
    findings.depth = both
    let page = Norms.page(findings, RunRecord())
    #expect(page.figures[2].name == "depth")
    #expect(page.deck.contains { $0.title == "Too small weights: deep nets start with batch norm only" })
    // (π/(π − 1)) to the power of 38/2.
    #expect(page.text.contains("this makes 1452; measured before training, the gradient grows 1100 times"))
    #expect(page.text.contains("From He's weights the net of 40 layers is behind with batch norm after two epochs"))
  }

  @Test("the dispute on the five-layer net: noise with a norm and without, and the walk")
  func fiveLayers() {
    func look(_ change: Double) -> Walk.Look {
      .init(
        size: Summary([0.9, 0.9, 0.9]), cosine: Summary([0.5, 0.5, 0.5]),
        change: Summary([0, 0.01, 0.02].map { change + $0 }))
    }
    func page(noiseAlone: Double, change: Double) -> (text: String, claims: [Claim]) {
      var findings = NormalizationPageTests.findings()
      var five = findings.dispute
      (five.hiddenLayers, five.noiseAlone) = (
        5, [noiseAlone, 90].map { error in Summary([0, 0.1, 0.2].map { error + $0 }) }
      )
      five.walk = [
        Walk(rate: 0.1, looks: [look(0.4), look(2), look(1)]), Walk(rate: 0.1, looks: [look(0.3), look(1), look(0.6)]),
        Walk(rate: 0.2, looks: [look(0.6), look(1), look(change)]),
      ]
      findings.fiveLayers = five
      return (Norms.page(findings, RunRecord()).text, Norms.claims(findings))
    }
    // The noise costs 1 point with a norm; without one as much, and nothing.
    let harmful = page(noiseAlone: 19, change: 0.5)
    #expect(harmful.text.contains("The noise costs 1.0 points. But without a norm"))
    #expect(harmful.text.contains("So steady inputs explain about none of the 5.0 points"))
    #expect(harmful.text.contains("Along 1 % of the weights' length, each net at its best rate, "))
    #expect(harmful.text.contains("the loss is smoother with batch norm"))
    #expect(harmful.claims[9].reason.contains("so steady inputs explain 0.0 of the 5.0 points"))
    #expect(harmful.claims[9].verdict == .notHere)
    #expect(harmful.claims[10].reason.contains("each at its own best rate, 0.51 against 1"))
    let harmless = page(noiseAlone: 18, change: 1.5)
    #expect(harmless.text.contains("So steady inputs explain 1.0 of the 5.0 points"))
    #expect(harmless.claims[9].verdict == .partly)
    #expect(harmless.text.contains("the loss is rougher with batch norm"))
  }

  @Test("half a norm by hand: only the mean goes, or only the spread; the gradient is the slope of the loss")
  func halfNorm() {
    let input = Tensor([3, 2], [1, 4, 2, 7, 6, 1])
    let upstream = Tensor([3, 2], [0.5, -1, 0.2, 0.3, -0.7, 2])
    for half in [HalfNorm.Half.mean, .deviation] {
      var norm = HalfNorm(2, keeping: half)
      func loss(_ x: Tensor) -> Double {
        var copy = norm
        return zip(copy.forward(x, mode: .training).elements, upstream.elements).reduce(0) {
          $0 + Double($1.0) * Double($1.1)
        }
      }
      let output = norm.forward(input, mode: .training)
      // The first column has mean 3 and variance 14/3.
      let first = half == .mean ? -2 : 1 / (14.0 / 3 + 1e-5).squareRoot()
      #expect(abs(Double(output.elements[0]) - first) < 1e-5)
      let gradient = norm.backward(upstream, input: input, output: output).elements
      for i in 0..<6 {
        var (more, less) = (input.elements, input.elements)
        (more[i], less[i]) = (more[i] + 0.01, less[i] - 0.01)
        let slope = (loss(Tensor([3, 2], more)) - loss(Tensor([3, 2], less))) / 0.02
        #expect(abs(slope - Double(gradient[i])) < 2e-3)
      }
      // In use the stored statistics count: after one batch a tenth of its own.
      let used = norm.forward(input, mode: .inference).elements[0]
      #expect(abs(Double(used) - (half == .mean ? 0.7 : 1 / (0.9 + 0.7 + 1e-5).squareRoot())) < 1e-4)
    }
  }
}
