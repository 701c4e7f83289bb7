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
        DeepNet.kinds[DeepNet.relu], isNormed: isNormed, input: Self.data.sampleShape, seed: 3)
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
      try settingNet(DeepNet.wideTanh, isNormed: true, input: Self.data.sampleShape, seed: 1),
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
    #expect(both.lesson.contains("PyTorch's default costs dense ReLU nets of 8 layers test errors"))
    let one = nets([[6, 6, 6, 6], [20, 7, 7, 7]])
    #expect(one.words.contains("with SGD with momentum in nets of 8 layers; in nets of 3"))
    #expect(one.lesson.isEmpty)
    #expect(nets([[6, 6, 6, 6], [7, 7, 7, 7]]).words.hasPrefix("In none of these nets"))
    var findings = ActivationPageTests.findings()
    findings.firstWeights = both
    let page = Activations.page(findings, RunRecord()).text
    #expect(page.contains("only 0.41 times He's") && page.contains("Each best rate lies between two worse ones"))
    #expect(page.contains("of 8 layers test errors after 1000 steps."))
    #expect(page.contains("nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()") && !page.contains("the default costs"))
    findings.firstWeights?.long = FirstWeights.Start.allCases.map { start in
      var net = both.nets[0]
      (net.start, net.layers, net.errors) = (
        start, 8, start == .he ? Summary([3, 3.1, 2.9]) : Summary([3.5, 3.6, 3.4])
      )
      return net
    }
    #expect(
      findings.firstWeights?.words.hasSuffix(
        "But after 10,000 steps with momentum the default's 8 layers have come down to 3.5 %, He's to 3.0: the default costs mostly time."
      ) == true)
    findings.firstWeights?.nets[4].errors = Summary([90, 13, 20])
    #expect(
      findings.firstWeights?.seedWords
        == "Behind 41.0: 1 of 3 nets guesses, the others make 13 to 20 %. After 10,000 steps: 3 seeds. "
    )
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
    #expect(found.rule.contains("trained by SGD with momentum (chapter 1), make 89 instead of 7 % test errors"))
    #expect(found.rule.contains("If the net may have batch norm, put it in front of each ReLU"))
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

  @Test("the table marks what differs from ReLU, and one sentence says what is worth how much")
  func choices() {
    var findings = ActivationPageTests.findings()
    #expect(findings.choices.isEmpty && findings.ranking.isEmpty)
    func net(_ setting: SettingNets.Setting, _ name: String, _ mean: Double) -> SettingNets.Net {
      SettingNets.Net(
        setting: setting, name: name, search: RateSearch([0.1, 0.2, 0.4]) { abs(Double($0) - 0.2) },
        errors: Summary([mean, mean + 0.1, mean - 0.1]))
    }
    findings.settings = SettingNets(
      steps: 1000, keptCount: 2000, trials: 3,
      nets: SettingNets.Setting.allCases.flatMap { setting in
        [
          net(setting, "sigmoid", setting == .norm ? 9 : 89), net(setting, SettingNets.suited.name, 8),
          net(setting, "tanh", setting == .momentum ? 6 : 8),
          net(setting, DeepNet.wideTanh.name, setting == .adam ? 6.8 : 9), net(setting, "ELU", 6.5),
        ]
      })
    var first = nets([[6, 6, 6, 6], [89, 7, 12, 7]])
    first.normed = first.nets.map { net in
      var net = net
      net.errors = Summary([7, 7.1, 6.9])
      return net
    }
    findings.firstWeights = first
    #expect(
      findings.choices.map(\.name) == [
        "sigmoid, gain 1", "sigmoid, gain 8", "tanh, gain 1", "tanh, gain 5/3", "ReLU", "ELU",
      ])
    // With Adam the larger gain is the better one.
    #expect(findings.tanhDifferences.map(\.direction) == [.withinChance, .below, .below, .above])
    #expect(findings.lead.contains("a gain in one, a loss in two") && findings.lead.count <= 290)
    #expect(findings.ranking.contains("save between 5 and 82 points of test errors"))
    #expect(findings.ranking.contains("from tanh on, the choice of function is worth up to 2 points"))
    #expect(findings.ranking.contains("ELU makes fewer errors than ReLU in our 8 dense layers with momentum,"))
    #expect(
      findings.ranking.contains("We begin with ReLU all the same: most recipes and trained nets are made for it."))
    #expect(findings.choiceLesson.hasSuffix("ELU beat ReLU in 3 of 4 nets."))
    #expect(findings.spread == 1.5)
    #expect(findings.convWords.isEmpty)
    findings.longRace = findings.race
    findings.longRace?.limit = 1500
    if let place = findings.race.racers.firstIndex(where: { $0.function == .tanh }) {
      findings.race.racers[place].errors = Summary([12, 12.1, 12.2])
      findings.longRace?.racers[place].errors = Summary([10, 10.1, 10.2])
    }
    #expect(findings.convWords.contains("points behind ReLU after 150 steps; after 1500 steps"))
    #expect(findings.gain.contains("conv net (most of this is gone after 1500 steps)"))
    #expect(findings.leaders.map(\.name) == ["ELU"] && findings.leaders.map(\.nets) == [3])
    let rows = "\(Activations.page(findings, RunRecord()).tables.flatMap(\.rows))"
    #expect(rows.contains("89.0 ± 0.1 *") && rows.contains("7.0 ± 0.1") && !rows.contains("7.0 ± 0.1 *"))
    // A run that diverged is compared without its seed.
    var racer = findings.race[.tanh]
    (racer.reached, racer.diverged, racer.errors) = ([50, nil, 60], 1, Summary([10, 11]))
    #expect(racer.difference(from: findings.race[.relu])?.count == 2)
  }

  /// Counts of dead units eight layers deep.
  private func units(adam: Double) -> UnitCounts {
    func deep(
      _ method: FirstWeights.Method, _ start: FirstWeights.Start = .he, _ factor: Float = 1, born: Double = 0.03,
      dead: Double, error: Double, isUnbiased: Bool? = nil
    ) -> UnitCounts.Deep {
      UnitCounts.Deep(
        method: method.name, start: start, rate: factor * 0.01, factor: factor, steps: 1000,
        dead: Summary([dead, dead + 0.001, dead - 0.001]), errors: Summary([error, error + 0.1, error - 0.1]),
        diverged: 0, isUnbiased: isUnbiased, born: Summary([born, born, born]))
    }
    return UnitCounts(deep: [
      deep(.sgd, dead: 0.005, error: 7), deep(.sgd, .he, 4, dead: 0.01, error: 9),
      deep(.adam, dead: adam, error: 7), deep(.adam, .he, 4, dead: 2 * adam, error: 7),
      deep(.adam, .pyTorch, born: 0.27, dead: 0.19, error: 8),
      deep(.adam, .pyTorch, born: 0.02, dead: 0.2, error: 8, isUnbiased: true),
    ])
  }

  @Test("dead units eight layers deep are told, what the default's are, and the lead follows them")
  func deadUnits() {
    var findings = ActivationPageTests.findings()
    findings.units = units(adam: 0.05)
    func text() -> String { Activations.page(findings, RunRecord()).text }
    let told = text()
    #expect(told.contains("hardly any unit is dead with momentum, and 5 % are with Adam."))
    #expect(
      told.contains("At four times Adam's best rate more are dead, and the test errors do not rise beyond chance."))
    #expect(told.contains("With momentum they rise there, though hardly any unit is dead."))
    #expect(told.contains("PyTorch's default weights leave 19 % dead with Adam. Is that the harm?"))
    #expect(told.contains("Before training even 27 % are dead"))
    #expect(told.contains("with biases of 0, where only 2 % begin dead, no fewer are dead at the end"))
    #expect(told.contains("So units dead before training are not the harm."))
    #expect(told.contains("Momentum even brings back most units that were dead before."))
    #expect(!told.contains("in Adam's rows the errors rise with them"))
    for (place, error) in [(2, 7.0), (3, 7.5), (4, 8), (5, 8.1)] {
      findings.units?.deep[place].errors = Summary([error, error + 0.1, error - 0.1])
    }
    #expect(text().contains("in Adam's rows the errors rise with them, and we cannot separate the two."))
    #expect(findings.lead.hasSuffix("From He's weights few units die at the best rates."))
    #expect(findings.lead.count <= 290)
    findings.units = units(adam: 0.005)
    #expect(text().contains("At the best rates at most 0.5 % are dead."))
  }
}
