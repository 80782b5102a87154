"""
The words of the Core Business Vocabulary that events are written in.

Source: GS1 CBV 2.0, sections 7.1 to 7.4, and the GS1 web vocabulary, as GS1's EPCIS context names them. A word stands
bare (``shipping``), as CBV's URN or under GS1's web address; the three mean the same. What CBV has no word for is
written as a URI of one's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_CBV: Final = "https://ref.gs1.org/cbv/"
_VOC: Final = "https://gs1.org/voc/"
_URN: Final = "urn:epcglobal:cbv:"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One list of words: the event field it is for, the words, and how its URIs begin."""

    field: str
    web: str
    """How the web address of a word begins; it is the canonical form of the CBV event hash."""
    urn: str
    words: frozenset[str]

    def word(self, text: str) -> str | None:
        """The bare word that ``text`` means, whichever form it has; ``None`` for a URI of somebody's own."""
        if text in self.words:
            return text
        for stem in (self.web, self.urn, self.compact):
            if stem and text.startswith(stem):
                found = text[len(stem) :]
                return found if found in self.words else None
        return None

    def knows(self, text: str) -> bool:
        """Whether the word exists, or is a URI that does not claim to be one of GS1's."""
        if self.word(text) is not None:
            return True
        return is_uri(text) and not text.startswith((self.web, self.urn or self.web, self.compact))

    @property
    def compact(self) -> str:
        """How the compact URI of a word begins, ``cbv:BizStep-``."""
        return self.web.replace(_CBV, "cbv:").replace(_VOC, "gs1:")

    def uri(self, text: str) -> str:
        """The web address of a word; a URI of somebody's own as it is."""
        word = self.word(text)
        return text if word is None else self.web + word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEP: Final = Vocabulary("bizStep", f"{_CBV}BizStep-", f"{_URN}bizstep:", _words("""
    accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
    decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
    installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
    retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
    unloading unpacking void_shipping
"""))  # fmt: skip
DISPOSITION: Final = Vocabulary("disposition", f"{_CBV}Disp-", f"{_URN}disp:", _words("""
    active available completeness_inferred completeness_verified conformant container_closed container_open damaged
    destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
    mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled
    reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown
"""))  # fmt: skip
BIZ_TRANSACTION: Final = Vocabulary("bizTransaction type", f"{_CBV}BTT-", f"{_URN}btt:", _words("""
    bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
"""))  # fmt: skip
SOURCE_DESTINATION: Final = Vocabulary(
    "source or destination type", f"{_CBV}SDT-", f"{_URN}sdt:", _words("location owning_party possessing_party")
)
ERROR_REASON: Final = Vocabulary("reason", f"{_CBV}ER-", f"{_URN}er:", _words("did_not_occur incorrect_data"))
COMPONENT: Final = Vocabulary("component", f"{_CBV}Comp-", "", _words("""
    altitude axial_distance azimuth easting elevation_angle geocoordinate height latitude longitude northing polar_angle
    spherical_radius x y z
"""))  # fmt: skip
MEASUREMENT: Final = Vocabulary("sensorReport type", _VOC, "", _words("""
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Activity Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance
    Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity
    ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy Exposure Force Frequency
    Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity
    MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime
    MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity
    RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature
    Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
"""))  # fmt: skip
ALERT: Final = Vocabulary("exception", _VOC, "", _words("ALARM_CONDITION ERROR_CONDITION"))

PREFIXES: Final = {
    "cbv": frozenset({_CBV}),
    "cbvmda": frozenset({"urn:epcglobal:cbv:mda:", "urn:epcglobal:cbv:mda"}),
    "dcterms": frozenset({"http://purl.org/dc/terms/"}),
    "epcis": frozenset({"https://ref.gs1.org/epcis/"}),
    "gs1": frozenset({_VOC, "https://www.gs1.org/voc/", "https://ref.gs1.org/voc/"}),
    "owl": frozenset({"http://www.w3.org/2002/07/owl#"}),
    "rdfs": frozenset({"http://www.w3.org/2000/01/rdf-schema#"}),
    "xsd": frozenset({"http://www.w3.org/2001/XMLSchema#"}),
}
"""Prefixes that GS1's context declares, with the addresses under which they mean the same."""
_URI_FORM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")


def is_uri(text: str) -> bool:
    """Whether it is an absolute URI (RFC 3986, 4.3), or a compact one with its prefix."""
    return _URI_FORM.fullmatch(text) is not None


@lru_cache(maxsize=4_096)
def known(vocabulary: str, text: str) -> bool:
    """``Vocabulary.knows``, remembered: the same few words come back in event after event."""
    return _BY_FIELD[vocabulary].knows(text)


_BY_FIELD: Final = {
    found.field: found
    for found in (
        BIZ_STEP, DISPOSITION, BIZ_TRANSACTION, SOURCE_DESTINATION, ERROR_REASON, COMPONENT, MEASUREMENT, ALERT,
    )
}  # fmt: skip
