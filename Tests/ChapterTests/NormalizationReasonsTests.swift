// Chapter 5: the page where depth and the parts of batch norm have been measured.

import Testing
import Workbook

@testable import ch05_normalization

@Suite("Chapter 5: depth and reasons")
struct NormalizationReasonsTests {
  @Test("parts of batch norm are told as they came out, and the lead is that over centred pixels")
  func parts() {
    func near(_ value: Double) -> Summary { Summary([0, 0.1, 0.2].map { value + $0 }) }
    func page(mean: Double, deviation: Double, bare: Double = 6, noisyBatch: Double = 7) -> Page {
      var findings = NormalizationPageTests.findings()
      let errors: [PartsFindings.Version: Double] = [
        .none: 10, .batch: 6, .bare: bare, .mean: mean, .deviation: deviation, .layer: 10,
        .noisyBatch: noisyBatch, .noisy: 11,
      ]
      findings.parts = PartsFindings(
        nets: PartsFindings.Version.allCases.map { version in
          .init(
            version: version, rate: 0.1, errors: near(errors[version] ?? 10),
            movement: version == .noisyBatch ? near(0.4) : near(0.2))
        })
      return Norms.page(findings, RunRecord())
    }
    let text = page(mean: 8, deviation: 8.5).text
    #expect(text.contains("makes 4.0 points fewer errors than without a norm, after a short training."))
    #expect(
      text.contains(
        "Layer norm may help a little: a gain is not certain."
      ))
    #expect(
      text.contains("The points are not added") && text.contains("Why dividing by the deviation helps, we do not know"))
    #expect(text.contains("The mean taken out and the deviation divided by: each alone saves errors"))
    #expect(text.contains("not because the inputs hold still"))
    let other = page(mean: 6, deviation: 10, bare: 8, noisyBatch: 9).text
    #expect(other.contains("Batch norm, and parts of it") && !other.contains("each alone saves"))
    #expect(other.contains("Without γ and β batch norm saves less") && other.contains("is not decided, for this net"))
    let shaken = page(mean: 8, deviation: 8.5, noisyBatch: 9)
    #expect(
      shaken.text.contains(
        "That is 2.00 points: steady inputs may explain so much of the lead of 4.00, not all of it."
      ))
    #expect(shaken.claims[9].verdict == .partly && page(mean: 8, deviation: 8.5).claims[9].verdict == .notHere)
  }

  @Test("centred pixels at every rate take the place of those as they are; a long training is told as it came out")
  func centred() {
    func near(_ value: Double) -> Summary { Summary([0, 0.1, 0.2].map { value + $0 }) }
    func page(_ long: Double) -> Page {
      var findings = NormalizationPageTests.findings()
      findings.parts = PartsFindings(
        nets: [(.none, 10), (.batch, 6)].map { .init(version: $0, rate: 0.1, errors: near($1), movement: nil) })
      var plain = findings.sweeps.rates[0]
      plain.results[0] = plain.results[1]
      findings.centred = CentredFindings(
        trainings: CentredFindings.Way.allCases.map { way in
          .init(
            way: way, rates: [0.1, 0.1], errors: [near(8), near(way == .long ? long : 7)],
            trainingErrors: [near(1), near(1)])
        }, plain: plain)
      #expect(findings.shownSweeps.rates[0].errors[0].mean == plain.errors[1].mean && findings.isCentred)
      return Norms.page(findings, RunRecord())
    }
    let shorter = page(7)
    #expect(shorter.text.contains("After 20 epochs it made 1.0 fewer, at the same rate."))
    #expect(shorter.text.contains("With Adam it saves 1.0, after 20 epochs with a falling rate 1.0."))
    let table = shorter.tables.first { $0.caption.contains("by training") }
    #expect(table?.rows.count == 3)
    #expect(page(8).text.contains("After 20 epochs no difference beyond chance was left."))
  }

  @Test("nets of growing depth: where only a norm helps from too small weights, and where it is behind from He's")
  func depths() {
    func net(_ errors: [Double]) -> DepthFindings.Net {
      .init(
        errors: errors.map { error in Summary([0, 0.1, 0.2].map { error + $0 }) },
        validation: errors.map { Summary([$0]) })
    }
    /// Errors at 40 layers, without a norm and with, from He's weights and from smaller ones.
    func found(_ he: (Double, Double), _ small: (Double, Double)?) -> DepthFindings {
      DepthFindings(
        trainingCount: 2_000, epochs: 2, seeds: 3, depths: [10, 40], rates: [0.01, 0.1],
        nets: [[net([6, 8]), net([90, he.0])], [net([7, 5]), net([he.1, 90])]],
        fromDefault: small.map { [[net([6, 8]), net([90, $0.0])], [net([7, 5]), net([$0.1, 90])]] })
    }
    let he = found((37, 70), nil)
    #expect(he.ahead == [10] && he.behind == [40])
    #expect(Norms.heWords(he).contains("at 10 layers only, and at 40 it is behind"))
    #expect(Norms.heWords(found((70, 37), nil)).contains("the net without a norm learns as well"))
    let both = found((37, 70), (88, 20))
    #expect(Norms.smallWords(both).contains("nets of 40 layers learn with batch norm only"))
    #expect(found((37, 70), (88, 60)).plainFailsFrom == 40 && found((37, 70), (88, 60)).normLearnsTo == 10)
    var findings = NormalizationPageTests.findings()
    findings.depth = both
    let page = Norms.page(findings, RunRecord())
    #expect(page.deck.contains { $0.title == "Too small weights: deep nets start with batch norm only" })
  }

  @Test(
    "a part of batch norm by hand: the mean goes, the spread, both or neither; the gradient is the slope of the loss")
  func partOfANorm() {
    let input = Tensor([3, 2], [1, 4, 2, 7, 6, 1])
    let upstream = Tensor([3, 2], [0.5, -1, 0.2, 0.3, -0.7, 2])
    for (subtracts, divides) in [(true, true), (true, false), (false, true), (false, false)] {
      var norm = PartNorm(2, subtractsMean: subtracts, divides: divides)
      func loss(_ x: Tensor) -> Double {
        var copy = norm
        return zip(copy.forward(x, mode: .training).elements, upstream.elements).reduce(0) {
          $0 + Double($1.0) * Double($1.1)
        }
      }
      let output = norm.forward(input, mode: .training)
      // The first column has mean 3 and variance 14/3.
      let factor = divides ? 1 / (14.0 / 3 + 1e-5).squareRoot() : 1
      #expect(abs(Double(output.elements[0]) - (subtracts ? -2 : 1) * factor) < 1e-5)
      let gradient = norm.backward(upstream, input: input, output: output).elements
      for i in 0..<6 {
        var (more, less) = (input.elements, input.elements)
        (more[i], less[i]) = (more[i] + 0.01, less[i] - 0.01)
        let slope = (loss(Tensor([3, 2], more)) - loss(Tensor([3, 2], less))) / 0.02
        #expect(abs(slope - Double(gradient[i])) < 2e-3)
      }
      // In use the stored statistics count: after one batch a tenth of its own.
      let used = Double(norm.forward(input, mode: .inference).elements[0])
      #expect(abs(used - (subtracts ? 0.7 : 1) * (divides ? 1 / (0.9 + 0.7 + 1e-5).squareRoot() : 1)) < 1e-4)
    }
    // The whole of it is batch norm.
    var (whole, norm) = (PartNorm(2), BatchNorm(2))
    let outputs = (whole.forward(input, mode: .training), norm.forward(input, mode: .training))
    let gradients = (
      whole.backward(upstream, input: input, output: outputs.0),
      norm.backward(upstream, input: input, output: outputs.1)
    )
    for (a, b) in [(outputs.0, outputs.1), (gradients.0, gradients.1)] {
      #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    var names: [String] = []
    var bare = PartNorm(2, learns: false)
    bare.visitParameters { name, _ in names.append(name) }
    #expect(names.isEmpty)
  }
}
