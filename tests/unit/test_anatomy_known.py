"""Keys of caches: equal by content, and no body lives on for their sake."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest

from simulator.anatomy.known import Known
from simulator.anatomy.layers import body_layers
from simulator.anatomy.slab import slab_body


def test_keys_are_equal_by_content_or_by_identity() -> None:
    body = slab_body()
    again, other = replace(body), slab_body(fat_m=0.004)
    assert Known(body) == Known(again)
    assert hash(Known(body)) == hash(Known(again))
    assert Known(body) != Known(other)
    one, two = replace(body, content_hash=""), replace(body, content_hash="")
    assert Known(one) == Known(one)
    assert Known(one) != Known(two)


def test_a_cache_does_not_keep_a_body() -> None:
    body = slab_body(fat_m=0.0041)
    made, known, gone = body_layers(body), Known(body), weakref.ref(body)
    assert body_layers(replace(body)) is made
    del body
    gc.collect()
    assert gone() is None
    with pytest.raises(ReferenceError):
        _ = known.baked


def test_the_next_object_at_the_same_address_is_another() -> None:
    nameless = replace(slab_body(), content_hash="")
    key = Known(nameless)
    del nameless
    gc.collect()
    assert key != Known(replace(slab_body(), content_hash=""))
