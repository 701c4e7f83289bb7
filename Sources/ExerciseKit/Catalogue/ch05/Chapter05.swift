// The exercises of chapter 5, in order.

extension Catalogue {
  package static let chapter05: [any AnyExercise] = []
}
