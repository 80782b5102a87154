"""
The calculation core of ISO 14083:2023 as the GLEC Framework v3.0 applies it: exact, pure, one subject per module.

::

    ghg                 kg CO2e with TTW and WTT apart, biogenic CO2 beside
    working             named intermediate figures of a result
    distance            bases, how a distance was found, the distance adjustment
    great_circle        GCD in decimals, the same digits on every machine
    transport_activity  t km, TEU and TEU km
    energy              factors of energy carriers, blends, heating values
    electricity         location-based always, market-based beside it with cancelled certificates
    refrigerant         leaks and refills
    defaults            European road defaults elsewhere
    load                load factor, empty running, a vehicle's consumption curve
    operation           emissions and intensity of a TOC or HOC
    allocation          rounds, items, passengers and freight, temperature zones
    chain               TCEs and the transport chain they make up
    hierarchy           primary before supplied before modelled before default, the choice kept

Clause numbers of ISO 14083 are those the GLEC Framework cites; page numbers are the Framework's.
"""
