// What dropped pixels and dropped hidden units save in every setting, each alone and both.

import Workbook

extension Summary {
  /// What one thing saves, setting by setting.
  struct Row {
    var name: String
    var gains: [Summary]
    init(_ name: String, _ gains: [Summary]) { (self.name, self.gains) = (name, gains) }
    var first: Summary { gains[0] }
    var last: Summary { gains[gains.count - 1] }
  }
}

/// What is saved in one setting by dropped pixels, by dropped hidden units, and by both; nil where it was not measured.
struct Setting {
  var name: String
  var gains: [Summary?]

  init(_ name: String, _ gains: [Summary?]) { (self.name, self.gains) = (name, gains) }
}

extension Dropouts.Findings {
  /// What is saved at each width of `controls.apart`: by pixels alone, by hidden units alone, by both.
  var apartGains: [Summary.Row]? {
    guard let apart = controls?.apart, apart.wide != nil else { return nil }
    let places = apart.widths.compactMap { byWidth.settings.firstIndex(of: $0) }
    guard places.count == apart.widths.count else { return nil }
    let plain = places.map { byWidth.nets[0][$0].testErrors }
    return [
      .init("pixels", zip(plain, apart.pixels).map { $0 - $1.testErrors }),
      .init("hidden units", zip(plain, apart.units).map { $0 - $1.testErrors }),
      .init("both", zip(plain, places).map { $0 - byWidth.nets[1][$1].testErrors }),
    ]
  }

  /// The first row is the net of the text; each of the others says in what it differs.
  var settings: [Setting] {
    guard let rows = apartGains, let apart = controls?.apart, apart.sizes == bySize.settings else { return [] }
    func saved(_ nets: LongerFindings, _ pixels: Tuned?, _ units: Tuned?) -> [Summary?] {
      [pixels, units].map { $0.map { nets.nets[0].testErrors - $0.testErrors } } + [nets.gain]
    }
    func element(_ nets: [Tuned]?, _ place: Int) -> Tuned? {
      nets.flatMap { $0.indices.contains(place) ? $0[place] : nil }
    }
    func ofSize(_ place: Int) -> Setting {
      let plain = bySize.nets[0][place].testErrors
      return Setting(
        "\(grouped(bySize.settings[place])) images",
        [element(apart.pixelsBySize, place), element(apart.unitsBySize, place), bySize.nets[1][place]].map {
          $0.map { plain - $0.testErrors }
        })
    }
    let narrow = apart.widths[0]
    var found = [Setting("layers of \(wide), \(grouped(few)) images, \(grouped(steps)) steps", rows.map(\.last))]
    if let longer = fewLonger {
      let gains = saved(longer, apart.pixelsLonger.first, element(apart.unitsLonger, 1))
      found.append(Setting("\(grouped(longer.steps)) steps", gains))
    }
    if let gains = authorsGains { found.append(Setting("layers of \(ApartFindings.authorsWidth), max-norm", gains)) }
    found.append(Setting("layers of \(narrow)", rows.map(\.first)))
    found += [ofSize(0), ofSize(bySize.last)]
    if let many = equalEpochs {
      let gains = saved(many, element(apart.pixelsLonger, 1), element(apart.unitsMany, 0))
      found.append(Setting("\(grouped(many.size)) images, \(grouped(many.steps)) steps", gains))
    }
    if apart.wrong.count == 2 {
      let gains = apart.wrong.map { noisy.nets[0].testErrors - $0.testErrors } + [noisy.gain]
      found.append(Setting("\(percent(Double(Dropouts.wrongShare))) of the labels wrong", gains))
    }
    return found
  }

  /// What pixels, hidden units and both save in the widest layers, which have a bound on their weights.
  var authorsGains: [Summary]? {
    guard let nets = controls?.apart?.authors, nets.count == 4 else { return nil }
    return nets.dropFirst().map { nets[0].testErrors - $0.testErrors }
  }

  /// The same of the usual layers on colour photographs.
  var photographGains: [Summary]? {
    guard let nets = controls?.apart?.photographs?.nets, nets.count == 4 else { return nil }
    return nets.dropFirst().map { nets[0].testErrors - $0.testErrors }
  }
}

/// Hidden units dropped beside a fifth of the pixels, in layers of one width.
struct SharesOfWidth {
  var width: Int
  /// From 0 on.
  var shares: [Double]
  /// Against the net with nothing dropped.
  var gains: [Summary]

  /// The largest share up to which none costs anything beyond chance.
  var limit: Double {
    let bearable = gains.prefix { !costs($0 - gains[0]) }
    return shares[max(0, bearable.count - 1)]
  }
}

extension Dropouts.Findings {
  /// In the narrow and in the wide layers; nil where none was tried.
  var unitShares: [SharesOfWidth]? {
    guard let found = controls?.allShares, found.shares.first == 0 else { return nil }
    return zip(found.widths, found.gains).map { SharesOfWidth(width: $0, shares: found.shares, gains: $1) }
  }
}
