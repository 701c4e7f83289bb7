// Single controls of chapter 6, each measured alone: `--full --controls --part NAME`.

import ArgumentParser
import Workbook

/// What can be measured by itself and added to the record.
enum ControlPart: String, CaseIterable, ExpressibleByArgument {
  /// Known nets again: wrong labels from epoch to epoch, L2 with all seeds.
  case again
  /// Colour photographs, which take a folder.
  case photographs
  /// Pixels alone and hidden units alone, at several shares.
  case shares
  /// Other shares in other settings; those on photographs take the folder.
  case settings
  /// Dropping and noise at the best shares, after few steps and after many.
  case lengths
}

extension Dropouts.Plan {
  /// Measures what the record lacks of one part.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func measure(
    _ part: ControlPart, photographs: String?, _ findings: inout Dropouts.Findings,
    keeping keep: (Dropouts.Findings) throws -> Void
  ) throws {
    guard var controls = findings.controls, var apart = controls.apart else { return }
    let (wide, recorded) = (findings.wide, findings)
    func keepAll() throws {
      controls.apart = apart
      findings.controls = controls
      try keep(findings)
    }
    switch part {
    case .again:
      for (recipe, net) in zip([Recipe(), Dropouts.dropout], recorded.noisy.nets).dropFirst(
        apart.byHeartOwn?.count ?? 0)
      {
        apart.byHeartOwn = (apart.byHeartOwn ?? []) + [try byHeart(recipe.wide(wide), rate: net.rate, seeds)]
        try keepAll()
      }
      if apart.byHeartOther == nil {
        apart.byHeartOther = try byHeart(Recipe().wide(wide), rate: recorded.noisy.nets[1].rate, seeds)
        try keepAll()
      }
      if controls.decayAll == nil, let net = controls.decay {
        let runs = try inParallel(seeds.count) {
          try trained(
            Recipe().wide(wide).penalized(net.decay), on: train.drawn(few, seed: seeds[$0]), validation: nil,
            testing: test, steps: steps, rate: net.rate, seed: seeds[$0]
          ).errors
        }
        controls.decayAll = Tuned(rate: net.rate, decay: net.decay, runs: runs)
      }
    case .photographs:
      guard let photographs, apart.photographs == nil else { return }
      apart.photographs = try self.photographs(from: photographs, width: wide)
    case .shares:
      apart.sharesAlone = try sharesAlone(recorded, apart) { found in
        apart.sharesAlone = found
        try keepAll()
      }
    case .settings:
      // As it is, and what is kept of it on the way.
      var now = apart
      try sharesElsewhere(recorded, &now, photographs: photographs) { found in
        apart = found
        try keepAll()
      }
      apart = now
    case .lengths:
      apart.lengths = try lengths(recorded, apart.lengths) { found in
        apart.lengths = found
        try keepAll()
      }
    }
    try keepAll()
  }
}
