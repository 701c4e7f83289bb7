// The page of chapter 1: the methods on spirals and digits.

import Foundation
import Workbook

extension GradientDescent {
  /// The methods of the bowl on nets: on digits, and where their valleys are narrow.
  static func addDigitMethods(
    to page: inout Page, _ found: DigitMethods, onSpirals spirals: OptimizerFindings?, tasks: MethodTasks?
  ) {
    let (methods, names, rates) = (found.methods, Walker.all.map(\.name), DigitMethods.rates)
    let plain = methods[0]
    func range(_ method: DigitMethods.Method) -> String {
      let good = method.goodRates
      return good.count == 1 ? short(good[0]) : "\(short(good.first ?? 0)) to \(short(good.last ?? 0))"
    }
    page.prose(
      """
      ### The methods on spirals and digits

      How much of this is left with a net? One with 64 hidden units learns \(grouped(DigitBatches.count)) digits for \(DigitBatches.passes) epochs, in \
      batches of \(DigitMethods.batch), each method at the best of many rates, which other seeds chose (\(counted(plain.ends.count, "seed"))\(tasks.map { ", \($0[.falling][0].test.count) where the rate falls" } ?? "")). *Good rates* end less than a tenth above the \
      lowest loss. We call a difference *beyond chance* if the 95 % interval of the differences, seed by seed, does not contain 0 (for several comparisons \
      the interval is widened), else *within chance*.
      """)
    page.figure(
      Figure(
        "On digits each method has its own range of good rates",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true),
            y: Axis(
              "test loss", log: true, range: 0.22...3.2,
              ticks: [0.25, 0.3, 0.4, 0.5, 1, 2, 3].map { ($0, short($0)) }),
            methods.enumerated().map { place, method in
              let shown = method.tried.indices.filter { method.tried[$0] < 3 }
              return Series(
                names[place], x: shown.map { rates[$0] }, y: shown.map { method.tried[$0] }, style: .lineAndMarkers,
                isEmphasized: true, color: place)
            })),
        caption: """
          Each at a constant rate; mean of the seeds that chose the rates. Losses above 3 are not drawn.
          """,
        name: "digit-methods"))
    page.project("On digits each method has its own good rates")
    page.table(
      Table(
        "Test loss on digits, each method at its best rate",
        columns: ["method", .init("constant rate", digits: 3), "good rates"]
          + (tasks == nil ? [] : [.init("rate that falls to 0", digits: 3)]),
        rows: methods.indices.map { place in
          [TableCell(names[place]), .measured(methods[place].ends), TableCell(range(methods[place]))]
            + (tasks.map { [.measured($0[.falling][place].test)] } ?? [])
        }))
    page.prose(
      """
      \(onDigits(found, "At a constant rate")) \(tasks.map { atFallingRate(found, $0) } ?? "")
      """)
    if let spirals { addValleys(to: &page, spirals, tasks) }
  }

  /// Training losses, on the spirals and on digits.
  private static func addValleys(to page: inout Page, _ spirals: OptimizerFindings, _ tasks: MethodTasks?) {
    page.prose(
      tasks == nil
        ? "How low is the *training* loss in a narrow valley?"
        : """
        So where do they help? Here are *training* losses, of the spirals and, at a falling rate, of digits in three ways: as they are; on white \
        paper, where paper is 1 and ink 0, so that all inputs have a large mean (chapter 3); and through eight layers of sigmoids, whose lower layers \
        get tiny gradients (chapter 2).
        """)
    let shown: [MethodTasks.Task] = tasks == nil ? [] : [.falling, .whitePaper, .deep]
    page.table(
      Table(
        "Training loss, each method at its best rate. Spirals: median of \(counted(spirals.results[0].losses.count, "net")) (the middle half)",
        columns: ["method", "spirals"]
          + zip(["digits", "white paper", "eight layers"], shown).map { .init($0.0, digits: $0.1 == .deep ? 2 : 3) },
        rows: Walker.all.indices.map { place in
          [TableCell(Walker.all[place].name), TableCell(middle(spirals.results[place].losses))]
            + shown.compactMap { task in tasks.map { .measured($0[task][place].train) } }
        }))
    page.project(
      tasks.map(isOfTwoKinds) == true ? "Training loss: no method is best everywhere" : "Training loss of each method")
    page.prose("\(onSpirals(spirals)) \(tasks.map { inValleys($0) } ?? "")")
    if let tasks, isOfTwoKinds(tasks) { page.fold("Why not on white paper?") { $0.prose(onWhitePaper(tasks)) } }
  }

  /// `0.029 (0.023–0.036)`: the median, and the middle half. Losses of the spirals spread over powers of ten.
  private static func middle(_ losses: Summary) -> String {
    let sorted = losses.values.sorted()
    guard sorted.count > 3 else { return short(losses.median) }
    return
      "\(short(losses.median)) (\(short(sorted[sorted.count / 4]))–\(short(sorted[sorted.count - 1 - sorted.count / 4])))"
  }

  /// A sentence begins with a capital letter.
  private static func capitalized(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

  /// The methods, by their places, that end below plain descent on the spirals, or above it. Losses spread over powers of
  /// ten: their logarithms are compared, seed by seed.
  private static func faster(_ spirals: OptimizerFindings, _ direction: Summary.Direction = .above) -> [Int] {
    let plain = spirals.results[0].losses.values
    return spirals.results.indices.dropFirst().filter {
      Summary(zip(plain, spirals.results[$0].losses.values).map { log($0 / $1) })
        .direction(among: spirals.results.count - 1) == direction
    }
  }

  /// Which methods end below plain descent on the spirals, and which above it.
  private static func onSpirals(_ spirals: OptimizerFindings) -> String {
    let below = faster(spirals).map { Walker.all[$0].name }
    let above = faster(spirals, .below).map { Walker.all[$0].name }
    let level = spirals.results.indices.dropFirst()
      .filter { spirals.results[$0].losses.median > spirals.results[0].losses.median }
      .map { Walker.all[$0].name }.filter { !(below + above).contains($0) }
    return
      (below.isEmpty
      ? "On the spirals no method ends below plain descent beyond chance"
      : "On the spirals \(listed(below)) \(below.count == 1 ? "ends" : "end") below plain descent")
      + (above.isEmpty ? "" : ", and \(listed(above)) above it")
      + (level.isEmpty ? "." : "; the higher median of \(listed(level)) is within chance.")
  }

  /// Which methods end below plain descent on digits, and which above it.
  private static func onDigits(_ found: DigitMethods, _ start: String = "On digits", withAbove: Bool = true) -> String {
    let (below, above) = (names(.above, found), names(.below, found))
    return
      "\(below.isEmpty ? "\(start) no method ends below plain descent beyond chance." : "\(start) \(listed(below)) \(below.count == 1 ? "ends" : "end") below plain descent.")"
      + "\(above.isEmpty || !withAbove ? "" : " \(capitalized(listed(above))) \(above.count == 1 ? "ends" : "end") above it.")"
  }

  /// The methods from whose test losses on digits that of plain descent differs in a direction.
  private static func names(_ direction: Summary.Direction, _ found: DigitMethods) -> [String] {
    let methods = found.methods
    return methods.indices.dropFirst()
      .filter { (methods[0].ends - methods[$0].ends).direction(among: methods.count - 1) == direction }
      .map { Walker.all[$0].name }
  }

  /// Whether what ended above plain descent on digits still does where the rate falls to 0.
  private static func atFallingRate(_ found: DigitMethods, _ tasks: MethodTasks) -> String {
    let (constant, falling) = (tasks[.constant], tasks[.falling])
    guard zip(constant, falling).allSatisfy({ ($0.test - $1.test).direction() == .above }) else { return "" }
    let above = falling.indices.dropFirst().filter {
      (falling[0].test - falling[$0].test).direction(among: falling.count - 1) == .below
    }
    let excess = names(.below, found)
    return above.isEmpty
      ? "**Where the rate falls to 0 all five end lower, and none above plain descent**"
        + (excess.isEmpty ? ". " : ": the excess of \(listed(excess)) is gone. ")
      : "Where the rate falls to 0 all five end lower, \(listed(above.map { Walker.all[$0].name })) still above plain descent. "
  }

  /// Which methods help in each valley.
  private static func inValleys(_ tasks: MethodTasks) -> String {
    func below(_ task: MethodTasks.Task) -> String {
      let places = tasks.methods(.below, in: task)
      return places.count == Walker.all.count - 1
        ? "all four" : places.isEmpty ? "none" : listed(places.map { Walker.all[$0].name })
    }
    let learns = tasks.thatLearn(.deep)
    return "On digits \(below(.falling)) end below it, on white paper \(below(.whitePaper)). "
      + (learns.isEmpty
        ? "Through eight layers none learns."
        : "**Through eight layers of sigmoids only \(listed(learns.map { Walker.all[$0].name })) \(learns.count == 1 ? "learns" : "learn").**")
      + (isOfTwoKinds(tasks)
        ? " Adam still ends at \(fixed(tasks[.deep][4].train.mean, 2)). The first weights "
          + "are to blame: with larger ones plain descent learns, too (chapter 2)."
        : "")
  }

  /// RMSProp and Adam on white paper: above plain descent, or not clearly below it; and a guess at the reason.
  private static func onWhitePaper(_ tasks: MethodTasks) -> String {
    let above = tasks.methods(.above, in: .whitePaper)
    let over = [3, 4].filter { above.contains($0) }.map { Walker.all[$0].name }
    let under = [3, 4].filter { !above.contains($0) }.map { Walker.all[$0].name }
    return "White paper is not explained: in figure 13 Adam still beats plain descent in a narrow turned valley, "
      + "but here " + (over.isEmpty ? "" : "\(listed(over)) \(over.count == 1 ? "ends" : "end") above plain descent")
      + (over.isEmpty || under.isEmpty ? "" : ", and ")
      + (under.isEmpty ? "." : "\(listed(under)) \(under.count == 1 ? "does" : "do") not end below it beyond chance.")
      + " A guess, not tested: where nearly all inputs are positive, a unit's gradients have one sign in each sample; "
      + "dividing makes them equally large, so a step of Adam moves the unit's sum by many times η."
  }

  /// Whether momentum alone helps on white paper, and dividing alone in the deep net.
  private static func isOfTwoKinds(_ tasks: MethodTasks) -> Bool {
    tasks.methods(.below, in: .whitePaper) == [1, 2] && tasks.thatLearn(.deep) == [3, 4]
  }

  /// What the tables of the methods advise, and what is only common practice.
  static func whereToBegin(_ digits: DigitMethods, _ spirals: OptimizerFindings, _ tasks: MethodTasks?) -> String {
    let (adam, good) = (Walker.all.count - 1, digits.methods[Walker.all.count - 1].goodRates)
    guard let tasks, isOfTwoKinds(tasks), faster(spirals).contains(1) else {
      return
        "\(onSpirals(spirals)) \(onDigits(digits, withAbove: false)) Each needs a rate of its own, in each net: Adam's best was "
        + "\(short(spirals.results[adam].rate)) on the spirals, \(short(good.first ?? 0)) to \(short(good.last ?? 0)) on digits. "
        + "*A recipe to begin with* has the first ones."
    }
    return
      "No method is best everywhere: try momentum and Adam, each at rates of its own. *A recipe to begin with* has the "
      + "first ones."
  }
}
