// Chapter 2: PyTorch's default weights against He's, and activations with Adam and with batch norm.

import Foundation
import Testing
import Workbook

@testable import ch02_activations

@Suite("Chapter 2: first weights")
struct ActivationFirstWeightsTests {
  private static let data = ActivationTests.data

  @Test("the default's weights and biases lie within ±1/√n; He's weights have the deviation √(2/n)")
  func draws() throws {
    for (start, factor) in [(FirstWeights.Start.pyTorch, 1 / 3.0), (.he, 2)] {
      var model = try firstWeightsNet(start, layers: 2, input: Self.data.sampleShape, seed: 1)
      var inputs = 1
      model.visitParameters { name, parameter in
        let values = parameter.value.elements.map { Double($0) }
        if name.hasSuffix("weight") {
          inputs = parameter.value.shape[1]
          let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
          #expect(abs(square * Double(inputs) / factor - 1) < 0.2, "\(name) of \(start.name)")
        } else {
          #expect(values.allSatisfy { abs($0) <= 1 / Double(inputs).squareRoot() } && Set(values).count > 5)
        }
      }
    }
  }

  @Test("a search ends with the best rate between two worse ones, at an end, or with all rates where none learns")
  func search() {
    let rates: [Float] = [1, 2, 4, 8, 16, 32, 64]
    let inside = RateSearch(rates) { abs(Double($0) - 4) }
    #expect(inside.rate == 4 && inside.isInside && inside.tried == [2, 4, 8])
    let end = RateSearch(rates) { Double($0) }
    #expect(end.rate == 1 && !end.isInside)
    let none = RateSearch(rates) { _ in 90 }
    #expect(none.tried == rates)
    let one = RateSearch(rates) { $0 == 2 ? 7 : 90 }
    #expect(one.rate == 2 && one.isInside)
  }

  @Test("one net of each kind is measured, and three layers learn")
  func measured() throws {
    let found = try FirstWeights.Net(
      .adam, .he, layers: 1, on: Self.data, kept: Self.data.prefix(100), test: Self.data.prefix(100), steps: 60,
      trials: [11], seeds: [1, 2])
    #expect(found.learns && !found.isLost && found.diverged == 0)
    let net = try SettingNets.measured(
      on: Self.data, kept: Self.data.prefix(50), test: Self.data.prefix(50), steps: 3, trials: [11], seeds: [1],
      kinds: [DeepNet.kinds[DeepNet.relu]])
    #expect(SettingNets.Setting.allCases.allSatisfy { net[$0, "ReLU"] != nil })
  }

  @Test("the deep nets of all tables are the same ones: a ReLU among the functions is the net of the first weights")
  func same() throws {
    for (isNormed, start) in [(false, FirstWeights.Start.he), (true, .pyTorch)] {
      var own = try settingNet(
        DeepNet.kinds[DeepNet.relu], in: isNormed ? .norm : .momentum, input: Self.data.sampleShape, seed: 3)
      var other = try firstWeightsNet(
        start, layers: DeepNet.depth, isNormed: isNormed, input: Self.data.sampleShape, seed: 3)
      var (first, second) = ([Float](), [Float]())
      own.visitParameters { _, parameter in first += parameter.value.elements }
      other.visitParameters { _, parameter in second += parameter.value.elements }
      #expect(first == second && !first.isEmpty)
    }
  }

  @Test("with batch norm He's weights and those of tanh end in a layer as the page's code draws it, of gain 1")
  func lastLayers() throws {
    let models = [
      try firstWeightsNet(.he, layers: 2, isNormed: true, input: Self.data.sampleShape, seed: 1),
      try settingNet(DeepNet.wideTanh, in: .norm, input: Self.data.sampleShape, seed: 1),
    ]
    for var model in models {
      var last: [Float] = []
      model.visitParameters { name, parameter in if name.hasSuffix("weight") { last = parameter.value.elements } }
      let square = last.reduce(0) { $0 + Double($1 * $1) } / Double(last.count)
      #expect(abs(square * Double(DeepNet.width + 10) / 2 - 1) < 0.2)
    }
  }

  private func nets(_ errors: [[Double]]) -> FirstWeights {
    var place = 0
    let nets = [3, 8].flatMap { layers in
      FirstWeights.Method.allCases.flatMap { method in
        FirstWeights.Start.allCases.map { start in
          defer { place += 1 }
          let mean = errors[place / 4][place % 4]
          return FirstWeights.Net(
            method: method, start: start, layers: layers, tried: [0.1, 0.2, 0.4], costs: [9, 8, 9], rate: 0.2,
            errors: Summary([mean, mean + 0.1, mean - 0.1]), diverged: 0)
        }
      }
    }
    return FirstWeights(steps: 1000, keptCount: 2000, trials: 3, testCount: 1000, nets: nets)
  }

  @Test("the words say at which depths the default costs errors, and where it guesses")
  func words() {
    let both = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    #expect(
      both.words
        == "**The default makes more test errors in nets of 8 layers, with SGD and with Adam; in nets of 3 layers there is no difference beyond chance.** With SGD with momentum, 8 layers guess at every rate that we tried; from He's weights they learn."
    )
    #expect(both.lesson.contains("PyTorch's default alone costs dense ReLU nets of 8 layers test errors"))
    let one = nets([[6, 6, 6, 6], [20, 7, 7, 7]])
    #expect(one.words.contains("with SGD with momentum in nets of 8 layers; in nets of 3"))
    #expect(one.lesson.isEmpty)
    #expect(nets([[6, 6, 6, 6], [7, 7, 7, 7]]).words.hasPrefix("In none of these nets"))
    var findings = ActivationPageTests.findings()
    findings.firstWeights = both
    let page = Activations.page(findings, RunRecord()).text
    #expect(page.contains("only 0.41 times He's") && page.contains("16 leave 6×10⁻⁷"))
    #expect(page.contains("Each best rate lies between two worse ones"))
    #expect(page.contains("of 8 layers test errors: use He's weights."))
    #expect(page.contains("nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()") && !page.contains("the default costs"))
    findings.firstWeights?.long = FirstWeights.Start.allCases.map { start in
      var net = both.nets[0]
      (net.start, net.layers, net.errors) = (
        start, 8, start == .he ? Summary([3, 3.1, 2.9]) : Summary([3.5, 3.6, 3.4])
      )
      return net
    }
    #expect(
      findings.firstWeights?.timeWords
        == "After 10,000 steps its 8 layers have come down to 3.5 %, those from He's weights to 3.0: the default costs mostly time there. "
    )
    findings.firstWeights?.nets[4].errors = Summary([90, 13, 20])
    #expect(
      findings.firstWeights?.outlierWords
        == " Of the 3 nets behind the 41.0 % of 8 layers 1 guesses, the others make 13 to 20 %.")
  }

  @Test("before training the sums of the default weights shrink from layer to layer, those of He's do not")
  func check() throws {
    let found = try FirstCheck.measured(on: Self.data, seeds: [1, 2])
    #expect(found.map(\.isNormed) == [false, false, true])
    #expect(found.allSatisfy { $0.rows.map(\.layer) == FirstCheck.layers })
    #expect((0.33...0.47).contains(found[0].perLayer) && found[1].perLayer > 0.8)
    #expect(zip(found[0].rows, found[1].rows).allSatisfy { 10 * $0.gradient.mean < $1.gradient.mean })
    var findings = ActivationPageTests.findings()
    findings.firstWeights = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    #expect(!Activations.page(findings, RunRecord()).text.contains("def check"))
    findings.check = found
    let page = Activations.page(findings, RunRecord()).text
    #expect(page.contains("def check(net, x, y):") && page.contains("Sick: the sums shrink from layer to layer"))
  }

  @Test("a net of convolutions is drawn as PyTorch draws it, has its rows, and its sentence where the weights matter")
  func convolutions() throws {
    var model = try convWeightsNet(.pyTorch, isNormed: true, input: Self.data.sampleShape, seed: 1)
    var inputs = 9
    model.visitParameters { name, parameter in
      let shape = parameter.value.shape
      if name.hasSuffix("weight"), shape.rank == 4 {
        inputs = shape[1] * 9
        #expect(parameter.value.elements.allSatisfy { abs($0) <= 1 / Float(inputs).squareRoot() })
      }
    }
    #expect(inputs == 9 * ConvWeights.channels)
    var found = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    #expect(found.convWords.isEmpty && !"\(found.table.rows)".contains("convolutions"))
    func net(_ mean: Double) -> FirstWeights.Net {
      var net = found.nets[4]
      net.errors = Summary([mean, mean + 0.1, mean - 0.1])
      return net
    }
    found.conv = [net(89), net(5), net(3)]
    #expect(
      found.convWords
        == "**A net of 8 convolutions needs help, too:** with the default weights it guesses at every rate that we tried, "
        + "with He's weights or batch norm (`nn.BatchNorm2d`) it learns."
    )
    #expect("\(found.table.rows)".contains("momentum, convolutions"))
    found.conv = [net(6), net(5), net(6)]
    #expect(found.convWords.hasSuffix("it makes more test errors than with He's weights."))
    found.conv = [net(5), net(5), net(5)]
    #expect(found.convWords.contains("neither He's weights nor batch norm"))
  }

  @Test("batch norm on top of the default weights has its row, and its sentence where it mends them")
  func normed() {
    var found = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    #expect(found.normWords.isEmpty && !found.hasBetterNorm)
    found.normed = found.nets.filter { $0.start == .pyTorch }.map { net in
      var net = net
      net.errors = Summary([5, 5.1, 4.9])
      return net
    }
    #expect(found.hasBetterNorm)
    #expect(found.normWords.contains("fewer test errors than He's weights alone, at every depth"))
    #expect(found.heHelpsNorm == nil && !found.normWords.contains("do no better"))
    #expect(found.worth(found[.sgd, .he, 8]) == "7.0 instead of 89.0 %")
    #expect(found.worth(found[.sgd, .he, 3]) == nil)
    found.normed? += found.nets.filter { $0.start == .he }.map { net in
      var net = net
      net.errors = Summary([5.1, 5, 5])
      return net
    }
    #expect(found.heHelpsNorm == false && found.normWords.contains("He's weights with batch norm do no better."))
    #expect("\(found.table.rows)".contains("s, batch norm"))
    // Worse with one of the optimizers, at one of the depths.
    if let place = found.normed?.firstIndex(where: { $0.method == .sgd && $0.start == .he && $0.layers == 8 }) {
      found.normed?[place].errors = Summary([7, 7.1, 6.9])
    }
    #expect(found.normWords.hasSuffix("do no better, and with momentum worse at 8 layers."))
    let model = try? firstWeightsNet(.pyTorch, layers: 2, isNormed: true, input: Self.data.sampleShape, seed: 1)
    #expect(model.map { $0.parameterCount } ?? 0 > 0)
  }

  @Test("tanh is judged from its best first weights, the table marks what differs from ReLU, and one sentence ranks")
  func choices() {
    var findings = ActivationPageTests.findings()
    #expect(findings.choices.isEmpty && findings.ranking.isEmpty && findings.spread == nil)
    func net(_ setting: SettingNets.Setting, _ name: String, _ mean: Double) -> SettingNets.Net {
      SettingNets.Net(
        setting: setting, name: name, search: RateSearch([0.1, 0.2, 0.4]) { mean + abs(Double($0) - 0.2) },
        errors: Summary([mean, mean + 0.1, mean - 0.1]))
    }
    findings.settings = SettingNets(
      steps: 1000, keptCount: 2000, trials: 3,
      nets: SettingNets.Setting.allCases.flatMap { setting in
        [
          net(setting, "sigmoid", setting == .norm ? 9 : 89), net(setting, SettingNets.suited.name, 8),
          net(setting, "tanh", setting == .momentum ? 6 : 8), net(setting, "tanh, gain 3", setting == .adam ? 6.8 : 9),
          net(setting, "ELU", 6.5), net(setting, "GELU", 7),
        ] + (setting == .conv ? [net(setting, "ReLU", 8)] : [])
      })
    var first = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    first.normed = first.nets.map { net in
      var net = net
      net.errors = Summary([7, 7.1, 6.9])
      return net
    }
    findings.firstWeights = first
    #expect(findings.choices.map(\.name) == ["sigmoid", "tanh", "ReLU", "ELU", "GELU"])
    #expect(findings.choices[1].starts == ["gain 1", "gain 1", "gain 3", "gain 1"])
    // With Adam the larger gain is the better one.
    #expect(findings.tanhDifferences == [.withinChance, .below, .below, .above])
    #expect(
      findings.gain.hasSuffix(
        "is ahead in the deep net (batch norm), and behind in the deep net (momentum; Adam)."))
    #expect(findings.spread == 1.5 && findings.lead.contains("was worth at most 1.5 points of errors in five settings"))
    #expect(findings.lead.count <= 290)
    #expect(
      findings.ranking.contains(
        "ELU makes fewer test errors than ReLU in the conv net and the deep net (momentum; Adam; batch norm), and more in none."
      ))
    #expect(findings.tanhStarts.isEmpty || findings.tanhStarts.hasPrefix("For tanh take gain 1"))
    #expect(findings.habit.hasSuffix("Try ELU and GELU as well.") && findings.spread(in: .adam) == 0.5)
    #expect(findings.leaders.map(\.name) == ["ELU", "GELU"] && findings.leaders.map(\.nets) == [4, 1])
    let rows = "\(Activations.page(findings, RunRecord()).tables.flatMap(\.rows))"
    #expect(rows.contains("8.0 ± 0.1 *") && !rows.contains("(8)") && rows.contains("7.0 ± 0.1"))
    #expect(rows.contains("7.0 instead of 89.0 %"))
    #expect(Activations.claims(findings)[10].reason.contains("with gain 1. From its best") == false)
  }

  @Test("of the rates none is taken next to one at which a trial diverged; the conv net has its own rates and weights")
  func steady() throws {
    let search = RateSearch([1, 2, 4, 8, 16]) { [1: 5, 2: 4, 4: 3, 8: 32, 16: 90][$0] ?? 90 }
    #expect(search.rate == 4 && search.steady == 2 && search.cost == 3)
    #expect(RateSearch([1, 2, 4, 8, 16]) { abs(Double($0) - 4) }.steady == 4)
    var model = try settingNet(
      DeepNet.kinds[DeepNet.tanh].fromTorch, in: .conv, input: Self.data.sampleShape, seed: 1)
    model.visitParameters { name, parameter in
      if name.hasSuffix("conv2.weight") {
        #expect(parameter.value.elements.allSatisfy { abs($0) <= 1 / Float(200).squareRoot() })
      }
    }
    #expect(
      SettingNets.Setting.conv.rates.count == 9 && SettingNets.Setting.adam.kinds.last?.name == "leaky ReLU, default")
  }

  /// Counts of dead units eight layers deep.
  private func units(adam: Double) -> UnitCounts {
    func deep(
      _ method: FirstWeights.Method, _ start: FirstWeights.Start = .he, _ factor: Float = 1, dead: Double, error: Double
    ) -> UnitCounts.Deep {
      UnitCounts.Deep(
        method: method.name, start: start, rate: factor * 0.01, factor: factor, steps: 1000,
        dead: Summary([dead, dead + 0.001, dead - 0.001]), errors: Summary([error, error + 0.1, error - 0.1]),
        diverged: 0)
    }
    return UnitCounts(deep: [
      deep(.sgd, dead: 0.005, error: 7), deep(.sgd, .he, 4, dead: 0.01, error: 9),
      deep(.adam, dead: adam, error: 7), deep(.adam, .he, 4, dead: 2 * adam, error: 7),
      deep(.adam, .pyTorch, dead: 0.19, error: 8),
    ])
  }

  @Test("dead units in the deep net are told, whether they are the harm, and what to do")
  func deadUnits() {
    var findings = ActivationPageTests.findings()
    findings.units = units(adam: 0.05)
    func text() -> String { Activations.page(findings, RunRecord()).text }
    let told = text()
    #expect(
      told.contains("At four times Adam's best rate more are dead, and the test errors do not rise beyond chance."))
    #expect(told.contains("With momentum they rise there, though hardly any unit is dead."))
    #expect(told.contains("PyTorch's default weights leave 19 % dead with Adam. Is that the harm? We cannot say."))
    #expect(told.contains("Look at dead units only if the errors are bad. Then first mend the weights"))
    #expect(
      findings.units?.rateCost == 2
        && "\(Activations.doing(findings).rows)".contains("four times the best rate costs 2.0 points"))
    func leaky(_ name: String, _ mean: Double) -> SettingNets.Net {
      SettingNets.Net(
        setting: .adam, name: name, search: RateSearch([0.1, 0.2, 0.4]) { abs(Double($0) - 0.2) },
        errors: Summary([mean, mean + 0.1, mean - 0.1]))
    }
    findings.settings = SettingNets(
      steps: 1000, keptCount: 2000, trials: 3, nets: [leaky("leaky ReLU", 7), leaky("leaky ReLU, default", 8)])
    let control = text()
    #expect(
      control.contains("No, the weights are: they raise the errors of leaky ReLU, which cannot die, from 7.0 to 8.0 %"))
    findings.settings?.nets[1] = leaky("leaky ReLU, default", 7.5)
    #expect(findings.units?.isLeakIdle(findings.settings) == false)
  }
}
