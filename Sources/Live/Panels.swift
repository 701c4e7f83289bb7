// The list of panels: their names are those of `page.live`, of the scripts that draw them, and of their tests.

/// All panels by name.
public enum Panels {
  /// Makes a panel; nil for a name that there is none of.
  public static func make(_ name: Word) -> (any Panel)? {
    switch name {
    case "window": WindowPanel()
    case "digit": DigitPanel()
    case "field": FieldPanel()
    case "signals": SignalsPanel()
    case "lenet": LeNetPanel()
    case "neuron": NeuronPanel()
    case "flow": FlowPanel()
    case "unit": UnitPanel()
    case "cloud": CloudPanel()
    case "penalty": PenaltyPanel()
    case "batch": BatchPanel()
    case "bowl": BowlPanel()
    case "depth": DepthPanel()
    case "thinned": ThinnedPanel()
    default: nil
    }
  }
}
