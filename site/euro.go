package site

import (
	"fmt"
	"math/big"
	"strings"
)

// sumEuro adds up amounts as DuckDB writes them, to the cent and without a float; rows without an amount do not count, and where none
// has one the sum is empty. Only additive measures may be given to it.
func sumEuro[T any](rows []T, amount func(T) string) (string, error) {
	total, any := new(big.Int), false
	for _, r := range rows {
		s := amount(r)
		if s == "" {
			continue
		}
		whole, frac, _ := strings.Cut(s, ".")
		n, ok := new(big.Int).SetString(whole+(frac + "00")[:2], 10)
		if !ok || len(frac) > 2 {
			return "", fmt.Errorf("site: not an amount: %q", s)
		}
		total.Add(total, n)
		any = true
	}
	if !any {
		return "", nil
	}
	sign := ""
	if total.Sign() < 0 {
		sign = "-"
		total.Abs(total)
	}
	digits := total.String()
	if len(digits) < 3 {
		digits = strings.Repeat("0", 3-len(digits)) + digits
	}
	return sign + digits[:len(digits)-2] + "." + digits[len(digits)-2:], nil
}
