//! Tails of the normal distribution and of Student's.

/// The probability that a standard normal variable is at least as far from 0.
///
/// The complementary error function by its continued fraction, or by its series near 0
/// (Abramowitz and Stegun 1964, 26.2.14 and 26.2.11).
pub(super) fn two_sided_normal(z: f64) -> f64 {
    let z = z.abs();
    let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z > 3.0 {
        let fraction = (1..=100).rev().fold(z, |below, k| z + f64::from(k) / below);
        return (2.0 * density / fraction).min(1.0);
    }
    let (mut term, mut sum) = (z, z);
    for k in 1..60 {
        term *= z * z / f64::from(2 * k + 1);
        sum += term;
    }
    (1.0 - 2.0 * density * sum).clamp(0.0, 1.0)
}

/// The probability that a Student t variable with an even number of degrees of freedom is at least as far
/// from 0 (Abramowitz and Stegun 1964, 26.7.4), never below 1e-12.
pub(super) fn two_sided_student(t: f64, degrees: u32) -> f64 {
    debug_assert!(degrees >= 2 && degrees.is_multiple_of(2));
    let sine = t.abs() / (t * t + f64::from(degrees)).sqrt();
    let cosine_squared = 1.0 - sine * sine;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..degrees / 2 {
        term *= f64::from(2 * k - 1) / f64::from(2 * k) * cosine_squared;
        sum += term;
    }
    (1.0 - sine * sum).clamp(1e-12, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_those_of_the_tables() {
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 2e-3;
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_311), (1.96, 0.049_996), (3.5, 4.652_58e-4)] {
            assert!(near(two_sided_normal(z), p), "{z}: {}", two_sided_normal(z));
        }
        for (t, degrees, p) in
            [(2.086, 20, 0.05), (3.850, 20, 0.001), (4.303, 2, 0.05), (0.0, 20, 1.0)]
        {
            let found = two_sided_student(t, degrees);
            assert!(near(found, p), "{t} with {degrees}: {found}");
        }
        assert!(two_sided_student(30.0, 20) < 1e-11);
    }
}
