package site

import (
	"strings"
	"testing"
)

// TestDrawBoundaries draws two square provinces with an arc in common and an islet smaller than a pixel, and refuses what is no such file.
func TestDrawBoundaries(t *testing.T) {
	const square = `{"type":"Topology","transform":{"scale":[0.1,0.1],"translate":[10,40]},
		"arcs":[[[10,0],[0,10]],[[10,10],[-10,0],[0,-10],[10,0]],[[10,0],[10,0],[0,10],[-10,0]],[[0,0],[0,0],[0,0]]],
		"objects":{"p":{"type":"GeometryCollection","geometries":[
			{"type":"Polygon","arcs":[[0,1]],"properties":{"prov_istat_code":"001"}},
			{"type":"MultiPolygon","arcs":[[[2,-1]],[[3]]],"properties":{"prov_istat_code":"002"}}]}}}`
	b, err := drawBoundaries([]byte(square))
	if err != nil {
		t.Fatal(err)
	}
	// A degree is 86 pixels high and 63 wide at 42.5° north, with a margin of 4 all around.
	want := map[string]string{"001": "M67 90l0 -86 -63 0 0 86z", "002": "M67 90l64 0 0 -86 -64 0z"}
	for code, d := range want {
		if b.D[code] != d {
			t.Errorf("%s: %s, not %s", code, b.D[code], d)
		}
	}
	if b.ViewBox != "0 0 135 94" {
		t.Error(b.ViewBox)
	}
	for _, bad := range []string{"", "{}", strings.Replace(square, `[[0,1]]`, `[[0,9]]`, 1), strings.Replace(square, `"002"`, `"001"`, 1), strings.Replace(square, "Polygon", "Point", 1)} {
		if _, err := drawBoundaries([]byte(bad)); err == nil {
			t.Errorf("no error: %.200s", bad)
		}
	}
}
